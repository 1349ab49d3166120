-- The constraints of tables and domains. What only newer servers have is read from the row as JSON.
SELECT k.oid,
       k.conrelid,
       k.contypid,
       k.conname,
       k.contype,
       k.condeferrable,
       k.condeferred,
       k.convalidated,
       coalesce((whole.row ->> 'conenforced')::bool, true) AS enforced,
       k.conislocal,
       k.connoinherit,
       k.conparentid,
       k.conindid,
       ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, place)
               JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum ORDER BY u.place) AS columns,
       k.confrelid,
       target_in.nspname AS target_schema,
       target.relname AS target_name,
       ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u (attnum, place)
               JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.attnum ORDER BY u.place) AS target_columns,
       k.confupdtype,
       k.confdeltype,
       k.confmatchtype = 'f' AS match_full,
       ARRAY(SELECT a.attname::text
               FROM jsonb_array_elements_text(nullif(whole.row -> 'confdelsetcols', 'null'))
                    WITH ORDINALITY AS u (attnum, place)
               JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum::int2
              ORDER BY u.place) AS set_columns,
       coalesce((whole.row ->> 'conperiod')::bool, false) AS period,
       pg_get_expr(k.conbin, k.conrelid) AS expression,
       ARRAY(SELECT CASE WHEN o.oprnamespace = 'pg_catalog'::regnamespace THEN o.oprname::text
                         ELSE format('OPERATOR(%s.%s)', o.oprnamespace::regnamespace, o.oprname) END
               FROM unnest(k.conexclop) WITH ORDINALITY AS u (operator, place)
               JOIN pg_operator o ON o.oid = u.operator ORDER BY u.place) AS operators,
       description.description
  FROM pg_constraint k
  JOIN pg_namespace n ON n.oid = k.connamespace
  -- Once a row, and only where a newer server may say more.
  LEFT JOIN LATERAL (SELECT to_jsonb(k) AS row OFFSET 0) whole ON k.contype IN ('f', 'c', 'p', 'u')
  LEFT JOIN pg_class target ON target.oid = k.confrelid
  LEFT JOIN pg_namespace target_in ON target_in.oid = target.relnamespace
  LEFT JOIN pg_description description
         ON description.classoid = 'pg_constraint'::regclass AND description.objoid = k.oid AND description.objsubid = 0
 WHERE k.contype IN ('p', 'u', 'x', 'c', 'f', 'n')
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 ORDER BY k.oid
