-- Tables, partitioned and foreign tables, views, materialized views.
SELECT c.oid,
       n.nspname,
       c.relname,
       c.relkind,
       c.relpersistence,
       CASE WHEN method.amname <> 'heap' THEN method.amname END AS access_method,
       space.spcname,
       -- Those of the TOAST table have its prefix, as in the WITH that sets them.
       c.reloptions || ARRAY(SELECT 'toast.' || option FROM unnest(toast.reloptions) WITH ORDINALITY AS o (option, place)
                              ORDER BY place) AS options,
       c.relrowsecurity,
       c.relforcerowsecurity,
       c.relreplident,
       (SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
         WHERE x.indrelid = c.oid AND x.indisreplident) AS replica_index,
       (SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
         WHERE x.indrelid = c.oid AND x.indisclustered) AS clustered,
       c.reloftype,
       parents.schemas,
       parents.names,
       CASE WHEN c.relispartition THEN coalesce(pg_get_expr(c.relpartbound, c.oid), '') END AS bound,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key,
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS query,
       (SELECT r.oid FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename = '_RETURN') AS query_rule,
       c.relispopulated,
       CASE WHEN c.relkind = 'f' THEN 'SERVER ' || quote_ident(server.srvname)
            || coalesce(' OPTIONS (' || (SELECT string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value), ', ')
                                           FROM pg_options_to_table(remote.ftoptions)) || ')', '')
       END AS external,
       description.description
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
  LEFT JOIN pg_am method ON method.oid = c.relam
  LEFT JOIN pg_tablespace space ON space.oid = c.reltablespace
  LEFT JOIN pg_foreign_table remote ON remote.ftrelid = c.oid
  LEFT JOIN pg_foreign_server server ON server.oid = remote.ftserver
  LEFT JOIN (SELECT i.inhrelid,
                    array_agg(pn.nspname::text ORDER BY i.inhseqno) AS schemas,
                    array_agg(p.relname::text ORDER BY i.inhseqno) AS names
               FROM pg_inherits i
               JOIN pg_class p ON p.oid = i.inhparent
               JOIN pg_namespace pn ON pn.oid = p.relnamespace
              GROUP BY i.inhrelid) parents ON parents.inhrelid = c.oid
  LEFT JOIN pg_description description
         ON description.classoid = 'pg_class'::regclass AND description.objoid = c.oid AND description.objsubid = 0
 WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm')
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend e
                    WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
 ORDER BY c.oid
