-- Sequences, and the column that each belongs to: `i` is an identity, `a` owned.
SELECT n.nspname,
       c.relname,
       format_type(s.seqtypid, NULL) AS type,
       s.seqstart,
       s.seqincrement,
       s.seqmin,
       s.seqmax,
       s.seqcache,
       s.seqcycle,
       c.relpersistence,
       owner.deptype,
       owner.refobjid,
       col.attname,
       description.description
  FROM pg_sequence s
  JOIN pg_class c ON c.oid = s.seqrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend owner
         ON owner.classid = 'pg_class'::regclass AND owner.objid = c.oid AND owner.objsubid = 0
        AND owner.refclassid = 'pg_class'::regclass AND owner.refobjsubid > 0 AND owner.deptype IN ('a', 'i')
  LEFT JOIN pg_attribute col ON col.attrelid = owner.refobjid AND col.attnum = owner.refobjsubid
  LEFT JOIN pg_description description
         ON description.classoid = 'pg_class'::regclass AND description.objoid = c.oid AND description.objsubid = 0
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend e
                    WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
 ORDER BY s.seqrelid
