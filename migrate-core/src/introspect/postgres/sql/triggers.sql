-- Triggers. Those of a partition are copies whose root is the author's; before version 15 they are marked as the
-- server's own, which those of foreign keys always are.
SELECT t.oid,
       t.tgrelid,
       t.tgparentid,
       t.tgisinternal,
       t.tgname,
       CASE WHEN NOT t.tgisinternal OR t.tgparentid <> 0 THEN pg_get_triggerdef(t.oid) END AS definition,
       function_in.nspname,
       p.proname,
       ARRAY(SELECT a.attname::text FROM unnest(t.tgattr) WITH ORDINALITY AS u (attnum, place)
               JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = u.attnum ORDER BY u.place) AS columns,
       t.tgenabled,
       description.description
  FROM pg_trigger t
  JOIN pg_proc p ON p.oid = t.tgfoid
  JOIN pg_namespace function_in ON function_in.oid = p.pronamespace
  LEFT JOIN pg_description description
         ON description.classoid = 'pg_trigger'::regclass AND description.objoid = t.oid AND description.objsubid = 0
 WHERE function_in.nspname <> 'pg_catalog' OR NOT t.tgisinternal
 ORDER BY t.oid
