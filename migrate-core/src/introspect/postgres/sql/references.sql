-- What the expressions, queries and bodies use. Nothing that the server's own are is recorded, and what belongs to its
-- own schemas is left out.
SELECT CASE WHEN of_publication.oid IS NOT NULL THEN 'pg_publication'
            WHEN of_class.refobjid IS NOT NULL THEN 'pg_opclass'
            ELSE d.classid::regclass END AS class,
       coalesce(of_publication.prpubid, of_class.refobjid, d.objid) AS objid,
       d.objsubid,
       CASE d.refclassid WHEN 'pg_type'::regclass THEN 't' WHEN 'pg_proc'::regclass THEN 'f'
            ELSE CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END END AS kind,
       d.refobjid,
       n.nspname,
       coalesce(c.relname, p.proname, t.typname) AS name,
       a.attname
  FROM pg_depend d
  LEFT JOIN pg_publication_rel of_publication
         ON d.classid = 'pg_publication_rel'::regclass AND of_publication.oid = d.objid
  LEFT JOIN pg_depend of_class
         ON d.classid = 'pg_amproc'::regclass AND of_class.classid = d.classid AND of_class.objid = d.objid
        AND of_class.refclassid = 'pg_opclass'::regclass
  LEFT JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid AND d.refobjsubid <> 0
  LEFT JOIN pg_proc p ON d.refclassid = 'pg_proc'::regclass AND p.oid = d.refobjid
  LEFT JOIN pg_type t ON d.refclassid = 'pg_type'::regclass AND t.oid = d.refobjid
  JOIN pg_namespace n ON n.oid = coalesce(c.relnamespace, p.pronamespace, t.typnamespace)
 WHERE d.deptype IN ('n', 'a')
   -- A default goes with its column.
   AND NOT (d.classid = 'pg_attrdef'::regclass AND d.deptype = 'a')
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND (d.classid IN ('pg_attrdef'::regclass, 'pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_trigger'::regclass,
                      'pg_policy'::regclass, 'pg_statistic_ext'::regclass, 'pg_type'::regclass,
                      'pg_cast'::regclass, 'pg_operator'::regclass, 'pg_opclass'::regclass,
                      'pg_event_trigger'::regclass, 'pg_publication_rel'::regclass)
        OR of_class.refobjid IS NOT NULL
        OR d.classid = 'pg_constraint'::regclass
           AND EXISTS (SELECT FROM pg_constraint k WHERE k.oid = d.objid AND k.contype = 'c')
        -- Of relations: the keys of partitioned tables, expressions of indexes, and before version 15 what generates a
        -- column, on which the column itself depends.
        OR d.classid = 'pg_class'::regclass AND d.objsubid = 0
           AND (EXISTS (SELECT FROM pg_partitioned_table k WHERE k.partrelid = d.objid)
                OR EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = d.objid
                                                    AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)))
        OR d.classid = 'pg_class'::regclass AND d.objsubid > 0 AND d.deptype = 'a')
 ORDER BY d.classid, d.objid, d.objsubid, kind, n.nspname, name, a.attname
