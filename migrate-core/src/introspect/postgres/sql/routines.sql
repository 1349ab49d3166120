-- Functions, procedures, aggregates. Constructors of ranges depend on their type internally and are no objects.
SELECT p.oid,
       n.nspname,
       p.proname,
       CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window' ELSE 'function' END AS kind,
       oidvectortypes(p.proargtypes) AS input_types,
       pg_get_function_arguments(p.oid) AS arguments,
       pg_get_function_result(p.oid) AS result,
       CASE WHEN p.prokind <> 'a' THEN language.lanname END AS language,
       array_remove(ARRAY[
           CASE WHEN p.prokind <> 'a' THEN CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' END END,
           CASE WHEN p.proisstrict THEN 'STRICT' END,
           CASE WHEN p.prosecdef THEN 'SECURITY DEFINER' END,
           CASE WHEN p.proleakproof THEN 'LEAKPROOF' END,
           CASE p.proparallel WHEN 's' THEN 'PARALLEL SAFE' WHEN 'r' THEN 'PARALLEL RESTRICTED' END,
           CASE WHEN p.prokind <> 'a' AND p.procost <> CASE WHEN language.lanname IN ('c', 'internal') THEN 1 ELSE 100 END
                THEN 'COST ' || p.procost END,
           CASE WHEN p.proretset AND p.prorows <> 1000 THEN 'ROWS ' || p.prorows END,
           CASE WHEN p.prosupport <> 0 THEN 'SUPPORT ' || p.prosupport END,
           'TRANSFORM ' || (SELECT string_agg('FOR TYPE ' || format_type(t, NULL), ', ') FROM unnest(p.protrftypes) AS t),
           'AS ' || quote_literal(p.probin)], NULL)
       || ARRAY(SELECT format('SET %I TO %s', split_part(setting, '=', 1),
                              -- The value of a list of names is kept quoted as it was typed.
                              CASE WHEN split_part(setting, '=', 1) IN ('search_path', 'temp_tablespaces',
                                        'session_preload_libraries', 'local_preload_libraries')
                                   THEN coalesce(nullif(substr(setting, position('=' IN setting) + 1), ''), '''''')
                                   ELSE quote_literal(substr(setting, position('=' IN setting) + 1)) END)
                  FROM unnest(p.proconfig) AS setting)
       || array_remove(ARRAY[
           CASE a.aggkind WHEN 'h' THEN 'HYPOTHETICAL' END,
           'SFUNC = ' || a.aggtransfn,
           'STYPE = ' || format_type(a.aggtranstype, NULL),
           CASE WHEN a.aggtransspace <> 0 THEN 'SSPACE = ' || a.aggtransspace END,
           CASE WHEN a.aggfinalfn <> 0 THEN 'FINALFUNC = ' || a.aggfinalfn END,
           CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
           CASE WHEN a.aggfinalmodify <> CASE a.aggkind WHEN 'n' THEN 'r'::"char" ELSE 'w' END
                THEN 'FINALFUNC_MODIFY = ' || CASE a.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE'
                                                                    ELSE 'READ_WRITE' END END,
           CASE WHEN a.aggcombinefn <> 0 THEN 'COMBINEFUNC = ' || a.aggcombinefn END,
           CASE WHEN a.aggserialfn <> 0 THEN 'SERIALFUNC = ' || a.aggserialfn END,
           CASE WHEN a.aggdeserialfn <> 0 THEN 'DESERIALFUNC = ' || a.aggdeserialfn END,
           'INITCOND = ' || quote_literal(a.agginitval),
           CASE WHEN a.aggmtransfn <> 0 THEN 'MSFUNC = ' || a.aggmtransfn END,
           CASE WHEN a.aggminvtransfn <> 0 THEN 'MINVFUNC = ' || a.aggminvtransfn END,
           CASE WHEN a.aggmtranstype <> 0 THEN 'MSTYPE = ' || format_type(a.aggmtranstype, NULL) END,
           CASE WHEN a.aggmfinalfn <> 0 THEN 'MFINALFUNC = ' || a.aggmfinalfn END,
           'MINITCOND = ' || quote_literal(a.aggminitval),
           (SELECT format('SORTOP = OPERATOR(%s.%s)', o.oprnamespace::regnamespace, o.oprname)
              FROM pg_operator o WHERE o.oid = a.aggsortop)], NULL) AS attributes,
       CASE WHEN p.prosqlbody IS NULL AND p.prokind <> 'a' THEN p.prosrc ELSE '' END AS body,
       CASE WHEN p.prosqlbody IS NOT NULL THEN pg_get_function_sqlbody(p.oid) END AS sql_body,
       p.prorettype::oid || coalesce(p.proallargtypes, p.proargtypes::oid[]) AS types,
       description.description
  FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_language language ON language.oid = p.prolang
  LEFT JOIN pg_aggregate a ON a.aggfnoid = p.oid
  LEFT JOIN pg_description description
         ON description.classoid = 'pg_proc'::regclass AND description.objoid = p.oid AND description.objsubid = 0
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend e
                    WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i'))
 ORDER BY p.oid
