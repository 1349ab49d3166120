-- The columns of relations and the attributes of composite types, in their order.
SELECT a.attrelid,
       a.attname,
       a.atttypid,
       format_type(a.atttypid, a.atttypmod) AS type,
       a.attnotnull,
       a.attidentity,
       a.attgenerated,
       d.oid AS default_oid,
       pg_get_expr(d.adbin, d.adrelid) AS default_value,
       CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation END AS collated,
       CASE WHEN a.attstorage <> t.typstorage AND c.relkind IN ('r', 'p', 'f', 'm') THEN
           CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END
       END AS storage,
       CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
       nullif(a.attstattarget, -1) AS statistics,
       a.attoptions || a.attfdwoptions AS options,
       a.attislocal,
       a.attnum,
       description.description
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_description description
         ON description.classoid = 'pg_class'::regclass AND description.objoid = c.oid AND description.objsubid = a.attnum
 WHERE a.attnum > 0 AND NOT a.attisdropped
   AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c')
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 ORDER BY a.attrelid, a.attnum
