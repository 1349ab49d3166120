-- Indexes, those of constraints too; what each column says is an array.
SELECT i.indexrelid,
       i.indrelid,
       c.relname,
       method.amname,
       i.indisunique,
       coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false) AS nulls_not_distinct,
       i.indisvalid,
       i.indnkeyatts,
       parts.columns,
       parts.expressions,
       parts.classes,
       parts.collations,
       parts.options,
       parts.names,
       parts.statistics,
       CASE WHEN i.indexprs IS NOT NULL THEN pg_get_indexdef(i.indexrelid) END AS definition,
       pg_get_expr(i.indpred, i.indrelid) AS predicate,
       c.reloptions,
       space.spcname,
       parent_in.nspname AS parent_schema,
       parent.relname AS parent_name,
       description.description
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_am method ON method.oid = c.relam
  LEFT JOIN pg_tablespace space ON space.oid = c.reltablespace
  LEFT JOIN pg_inherits inherits ON inherits.inhrelid = i.indexrelid
  LEFT JOIN pg_class parent ON parent.oid = inherits.inhparent
  LEFT JOIN pg_namespace parent_in ON parent_in.oid = parent.relnamespace
  LEFT JOIN pg_description description
         ON description.classoid = 'pg_class'::regclass AND description.objoid = i.indexrelid AND description.objsubid = 0
 CROSS JOIN LATERAL (
       SELECT array_agg(col.attname::text ORDER BY own.attnum) AS columns,
              array_agg(CASE WHEN i.indkey[own.attnum - 1] = 0
                             THEN pg_get_indexdef(i.indexrelid, own.attnum, false) END ORDER BY own.attnum) AS expressions,
              array_agg(CASE WHEN NOT class.opcdefault OR own.attoptions IS NOT NULL THEN
                  CASE WHEN class_in.nspname <> 'pg_catalog' THEN quote_ident(class_in.nspname) || '.' ELSE '' END
                  || quote_ident(class.opcname)
                  || coalesce(' (' || (SELECT string_agg(option_name || '=' || quote_literal(option_value), ', ')
                                         FROM pg_options_to_table(own.attoptions)) || ')', '')
              END ORDER BY own.attnum) AS classes,
              array_agg(CASE WHEN i.indcollation[own.attnum - 1] <> col.attcollation
                             THEN i.indcollation[own.attnum - 1]::regcollation::text END ORDER BY own.attnum) AS collations,
              array_agg(coalesce(i.indoption[own.attnum - 1], 0) ORDER BY own.attnum) AS options,
              array_agg(own.attname::text ORDER BY own.attnum) AS names,
              array_agg(nullif(own.attstattarget, -1) ORDER BY own.attnum) AS statistics
         FROM pg_attribute own
         LEFT JOIN pg_attribute col
                ON col.attrelid = i.indrelid AND col.attnum = i.indkey[own.attnum - 1] AND col.attnum <> 0
         LEFT JOIN pg_opclass class ON class.oid = i.indclass[own.attnum - 1] AND own.attnum <= i.indnkeyatts
         LEFT JOIN pg_namespace class_in ON class_in.oid = class.opcnamespace
        WHERE own.attrelid = i.indexrelid AND own.attnum > 0) parts
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 ORDER BY i.indexrelid
