-- Schemas, and all objects that the model keeps as text: kind, oid, table, schema, name, definition, comment. Where the
-- server prints no definition, it is put together here as pg_dump would.
WITH operators AS (
    SELECT oid, CASE WHEN oprnamespace = 'pg_catalog'::regnamespace THEN oprname::text
                     ELSE format('OPERATOR(%s.%s)', oprnamespace::regnamespace, oprname) END AS name
      FROM pg_operator
), members AS (
    -- Those of a class depend on it internally, those that were added to a family on that.
    SELECT d.refclassid, d.refobjid, 1 AS place, m.amopstrategy AS number, m.oid,
           format('OPERATOR %s %s (%s, %s)%s', m.amopstrategy, regexp_replace(o.name, '^OPERATOR\((.*)\)$', '\1'),
                  format_type(m.amoplefttype, NULL), format_type(m.amoprighttype, NULL),
                  (SELECT format(' FOR ORDER BY %s.%I', f.opfnamespace::regnamespace, f.opfname)
                     FROM pg_opfamily f WHERE f.oid = m.amopsortfamily)) AS text
      FROM pg_depend d JOIN pg_amop m ON m.oid = d.objid JOIN operators o ON o.oid = m.amopopr
     WHERE d.classid = 'pg_amop'::regclass AND d.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass)
     UNION ALL
    SELECT d.refclassid, d.refobjid, 2, m.amprocnum, m.oid,
           format('FUNCTION %s (%s, %s) %s', m.amprocnum, format_type(m.amproclefttype, NULL),
                  format_type(m.amprocrighttype, NULL), m.amproc::regprocedure)
      FROM pg_depend d JOIN pg_amproc m ON m.oid = d.objid
     WHERE d.classid = 'pg_amproc'::regclass AND d.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass)
), published AS (
    -- Columns and rows of a publication's table are in newer servers alone: where the innermost table has no such
    -- column, the name is that of the absent one.
    SELECT r.prpubid,
           string_agg(r.prrelid::regclass
               || coalesce(' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.place)
                                      FROM jsonb_array_elements_text(nullif(to_jsonb(r) -> 'prattrs', 'null'))
                                           WITH ORDINALITY AS u (attnum, place)
                                      JOIN pg_attribute a ON a.attrelid = r.prrelid AND a.attnum = u.attnum::int2) || ')', '')
               || coalesce(' WHERE ' || (SELECT pg_get_expr(prqual, r.prrelid)
                                           FROM pg_publication_rel own WHERE own.oid = r.oid), ''),
               ', ' ORDER BY r.prrelid::regclass::text) AS tables
      FROM pg_publication_rel r CROSS JOIN (SELECT NULL::pg_node_tree AS prqual) absent
     GROUP BY r.prpubid
), objects (kind, class, oid, parent, nspname, name, definition) AS (
    SELECT 'namespace', 'pg_namespace'::regclass, oid, 0::oid, ''::name, nspname::text, '' FROM pg_namespace
     UNION ALL
    SELECT 'extension', 'pg_extension', oid, 0, '', extname,
           format('CREATE EXTENSION %I WITH SCHEMA %s', extname, extnamespace::regnamespace)
      FROM pg_extension WHERE oid >= 16384
     UNION ALL
    SELECT 'rule', 'pg_rewrite', r.oid, r.ev_class, '', r.rulename,
           rtrim(pg_get_ruledef(r.oid), ';')
           || CASE r.ev_enabled WHEN 'O' THEN '' ELSE format(E';\nALTER TABLE %s %s RULE %I', r.ev_class::regclass,
                   CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END,
                   r.rulename) END
      FROM pg_rewrite r WHERE r.rulename <> '_RETURN' AND r.oid >= 16384
     UNION ALL
    SELECT 'policy', 'pg_policy', p.oid, p.polrelid, '', p.polname,
           format('CREATE POLICY %I ON %s%s%s%s%s%s', p.polname, p.polrelid::regclass,
                  CASE WHEN NOT p.polpermissive THEN ' AS RESTRICTIVE' END,
                  CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE'
                                WHEN 'd' THEN ' FOR DELETE' END,
                  CASE WHEN p.polroles <> '{0}' THEN ' TO ' || (SELECT string_agg(role, ', ' ORDER BY role)
                      FROM (SELECT CASE u WHEN 0 THEN 'PUBLIC' ELSE u::regrole::text END FROM unnest(p.polroles) u)
                           AS roles (role)) END,
                  ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
                  ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')
      FROM pg_policy p
     UNION ALL
    SELECT 'statistics', 'pg_statistic_ext', s.oid, s.stxrelid, n.nspname, s.stxname,
           pg_get_statisticsobjdef(s.oid)
           || coalesce(format(E';\nALTER STATISTICS %I.%I SET STATISTICS ', n.nspname, s.stxname)
                       || nullif((to_jsonb(s) ->> 'stxstattarget')::int, -1), '')
      FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
     UNION ALL
    SELECT 'collation', 'pg_collation', c.oid, 0, n.nspname, c.collname,
           format('CREATE COLLATION %I.%I (provider = %s%s%s%s)', n.nspname, c.collname,
                  CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' WHEN 'd' THEN '"default"' ELSE 'libc' END,
                  CASE WHEN NOT c.collisdeterministic THEN ', deterministic = false' END,
                  CASE WHEN c.collprovider IN ('i', 'b') OR c.collcollate = c.collctype
                       THEN ', locale = ' || quote_literal(coalesce(whole.row ->> 'colllocale',
                                                                    whole.row ->> 'colliculocale', c.collcollate))
                       ELSE format(', lc_collate = %L, lc_ctype = %L', c.collcollate, c.collctype) END,
                  ', rules = ' || quote_literal(whole.row ->> 'collicurules'))
      FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
     CROSS JOIN LATERAL (SELECT to_jsonb(c) AS row OFFSET 0) whole
     WHERE c.oid >= 16384
     UNION ALL
    SELECT 'cast', 'pg_cast', k.oid, 0, '',
           format('%s AS %s', format_type(k.castsource, NULL), format_type(k.casttarget, NULL)),
           format('CREATE CAST (%s AS %s) %s%s', format_type(k.castsource, NULL), format_type(k.casttarget, NULL),
                  CASE k.castmethod WHEN 'b' THEN 'WITHOUT FUNCTION' WHEN 'i' THEN 'WITH INOUT'
                                    ELSE 'WITH FUNCTION ' || k.castfunc::regprocedure END,
                  CASE k.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END)
      FROM pg_cast k
     WHERE k.oid >= 16384
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_cast'::regclass AND d.objid = k.oid AND d.deptype = 'i')
     UNION ALL
    SELECT 'operator', 'pg_operator', o.oid, 0, n.nspname,
           format('%s(%s, %s)', o.oprname, CASE o.oprleft WHEN 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END,
                  format_type(o.oprright, NULL)),
           format('CREATE OPERATOR %I.%s (FUNCTION = %s%s, RIGHTARG = %s%s%s%s%s%s%s)', n.nspname, o.oprname, o.oprcode,
                  CASE WHEN o.oprleft <> 0 THEN ', LEFTARG = ' || format_type(o.oprleft, NULL) END,
                  format_type(o.oprright, NULL),
                  ', COMMUTATOR = ' || commutator.name, ', NEGATOR = ' || negator.name,
                  CASE WHEN o.oprrest <> 0 THEN ', RESTRICT = ' || o.oprrest END,
                  CASE WHEN o.oprjoin <> 0 THEN ', JOIN = ' || o.oprjoin END,
                  CASE WHEN o.oprcanhash THEN ', HASHES' END, CASE WHEN o.oprcanmerge THEN ', MERGES' END)
      FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
      LEFT JOIN operators commutator ON commutator.oid = o.oprcom
      LEFT JOIN operators negator ON negator.oid = o.oprnegate
     -- Without a function it is only named by another one as its commutator or negator.
     WHERE o.oprcode <> 0
     UNION ALL
    SELECT 'operator class', 'pg_opclass', c.oid, 0, n.nspname, format('%s USING %s', c.opcname, a.amname),
           format('CREATE OPERATOR CLASS %I.%I%s FOR TYPE %s USING %I%s AS %s', n.nspname, c.opcname,
                  CASE WHEN c.opcdefault THEN ' DEFAULT' END, format_type(c.opcintype, NULL), a.amname,
                  CASE WHEN f.opfname <> c.opcname OR f.opfnamespace <> c.opcnamespace
                       THEN format(' FAMILY %s.%I', f.opfnamespace::regnamespace, f.opfname) END,
                  array_to_string(
                      ARRAY(SELECT m.text FROM members m
                             WHERE m.refclassid = 'pg_opclass'::regclass AND m.refobjid = c.oid
                             ORDER BY m.place, m.number, m.oid)
                      || CASE WHEN c.opckeytype <> 0 THEN ARRAY['STORAGE ' || format_type(c.opckeytype, NULL)] END, ', '))
      FROM pg_opclass c JOIN pg_namespace n ON n.oid = c.opcnamespace JOIN pg_am a ON a.oid = c.opcmethod
      JOIN pg_opfamily f ON f.oid = c.opcfamily
     UNION ALL
    SELECT 'operator family', 'pg_opfamily', f.oid, 0, n.nspname, format('%s USING %s', f.opfname, a.amname),
           format('CREATE OPERATOR FAMILY %I.%I USING %I', n.nspname, f.opfname, a.amname)
           || coalesce(format(E';\nALTER OPERATOR FAMILY %I.%I USING %I ADD ', n.nspname, f.opfname, a.amname)
              || (SELECT string_agg(m.text, ', ' ORDER BY m.place, m.number, m.oid) FROM members m
                   WHERE m.refclassid = 'pg_opfamily'::regclass AND m.refobjid = f.oid), '')
      FROM pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace JOIN pg_am a ON a.oid = f.opfmethod
     -- The family of a class that names none comes with it.
     WHERE NOT EXISTS (SELECT FROM pg_opclass c WHERE c.opcname = f.opfname AND c.opcnamespace = f.opfnamespace
                                                  AND c.opcmethod = f.opfmethod)
     UNION ALL
    SELECT 'publication', 'pg_publication', p.oid, 0, '', p.pubname,
           format('CREATE PUBLICATION %I%s%s', p.pubname,
                  CASE WHEN p.puballtables THEN ' FOR ALL TABLES'
                       ELSE ' FOR ' || nullif(concat_ws(', ', 'TABLE ' || t.tables, 'TABLES IN SCHEMA ' || in_schemas.names), '')
                  END,
                  ' WITH (' || nullif(concat_ws(', ',
                      'publish = ' || quote_literal(nullif(concat_ws(', ',
                          CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                          CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END),
                          'insert, update, delete, truncate')),
                      CASE WHEN p.pubviaroot THEN 'publish_via_partition_root = true' END,
                      CASE to_jsonb(p) ->> 'pubgencols' WHEN 's' THEN 'publish_generated_columns = stored' END), '') || ')')
      FROM pg_publication p LEFT JOIN published t ON t.prpubid = p.oid
      LEFT JOIN LATERAL (
           SELECT string_agg(d.refobjid::regnamespace::text, ', ' ORDER BY d.refobjid::regnamespace::text)
             FROM pg_depend d JOIN pg_depend own ON own.classid = d.classid AND own.objid = d.objid
            WHERE d.refclassid = 'pg_namespace'::regclass AND own.refclassid = 'pg_publication'::regclass
              AND own.refobjid = p.oid) in_schemas (names) ON true
     UNION ALL
    SELECT 'subscription', 'pg_subscription', s.oid, 0, '', s.subname,
           -- Where it connects to is a secret.
           format('CREATE SUBSCRIPTION %I CONNECTION %L PUBLICATION %s', s.subname, '',
                  (SELECT string_agg(quote_ident(u), ', ') FROM unnest(s.subpublications) u))
      FROM pg_subscription s WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
     UNION ALL
    SELECT 'event trigger', 'pg_event_trigger', e.oid, 0, '', e.evtname,
           format('CREATE EVENT TRIGGER %I ON %I%s EXECUTE FUNCTION %s()', e.evtname, e.evtevent,
                  ' WHEN TAG IN (' || (SELECT string_agg(quote_literal(u), ', ') FROM unnest(e.evttags) u) || ')',
                  e.evtfoid::regproc)
           || CASE e.evtenabled WHEN 'O' THEN '' ELSE format(E';\nALTER EVENT TRIGGER %I %s', e.evtname,
                   CASE e.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END) END
      FROM pg_event_trigger e
     UNION ALL
    SELECT 'foreign data wrapper', 'pg_foreign_data_wrapper', w.oid, 0, '', w.fdwname,
           format('CREATE FOREIGN DATA WRAPPER %I%s%s%s', w.fdwname,
                  CASE WHEN w.fdwhandler <> 0 THEN ' HANDLER ' || w.fdwhandler::regproc END,
                  CASE WHEN w.fdwvalidator <> 0 THEN ' VALIDATOR ' || w.fdwvalidator::regproc END,
                  ' OPTIONS (' || (SELECT string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value), ', ')
                                     FROM pg_options_to_table(w.fdwoptions)) || ')')
      FROM pg_foreign_data_wrapper w
     UNION ALL
    SELECT 'foreign server', 'pg_foreign_server', s.oid, 0, '', s.srvname,
           format('CREATE SERVER %I%s%s FOREIGN DATA WRAPPER %I%s', s.srvname, ' TYPE ' || quote_literal(s.srvtype),
                  ' VERSION ' || quote_literal(s.srvversion), w.fdwname,
                  ' OPTIONS (' || (SELECT string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value), ', ')
                                     FROM pg_options_to_table(s.srvoptions)) || ')')
      FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
     UNION ALL
    SELECT 'text search', 'pg_ts_config', c.oid, 0, n.nspname, c.cfgname,
           format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %s.%I)', n.nspname, c.cfgname,
                  p.prsnamespace::regnamespace, p.prsname)
           || coalesce((SELECT string_agg(format(E';\nALTER TEXT SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %I WITH %s',
                                                 n.nspname, c.cfgname, m.alias, m.dictionaries), '' ORDER BY m.tokid)
                          FROM (SELECT t.tokid, t.alias, string_agg(u.mapdict::regdictionary::text, ', ' ORDER BY u.mapseqno)
                                  FROM pg_ts_config_map u JOIN ts_token_type(c.cfgparser) t ON t.tokid = u.maptokentype
                                 WHERE u.mapcfg = c.oid GROUP BY t.tokid, t.alias) m (tokid, alias, dictionaries)), '')
      FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace JOIN pg_ts_parser p ON p.oid = c.cfgparser
     WHERE c.oid >= 16384
     UNION ALL
    SELECT 'text search dictionary', 'pg_ts_dict', d.oid, 0, n.nspname, d.dictname,
           format('CREATE TEXT SEARCH DICTIONARY %I.%I (TEMPLATE = %s.%I%s)', n.nspname, d.dictname,
                  t.tmplnamespace::regnamespace, t.tmplname, ', ' || d.dictinitoption)
      FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace JOIN pg_ts_template t ON t.oid = d.dicttemplate
     WHERE d.oid >= 16384
     UNION ALL
    SELECT 'text search parser', 'pg_ts_parser', p.oid, 0, n.nspname, p.prsname,
           format('CREATE TEXT SEARCH PARSER %I.%I (START = %s, GETTOKEN = %s, END = %s, LEXTYPES = %s%s)', n.nspname,
                  p.prsname, p.prsstart, p.prstoken, p.prsend, p.prslextype,
                  CASE WHEN p.prsheadline <> 0 THEN ', HEADLINE = ' || p.prsheadline END)
      FROM pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace WHERE p.oid >= 16384
     UNION ALL
    SELECT 'text search template', 'pg_ts_template', t.oid, 0, n.nspname, t.tmplname,
           format('CREATE TEXT SEARCH TEMPLATE %I.%I (%sLEXIZE = %s)', n.nspname, t.tmplname,
                  CASE WHEN t.tmplinit <> 0 THEN 'INIT = ' || t.tmplinit || ', ' END, t.tmpllexize)
      FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace WHERE t.oid >= 16384
     UNION ALL
    SELECT 'access method', 'pg_am', a.oid, 0, '', a.amname,
           format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s', a.amname,
                  CASE a.amtype WHEN 'i' THEN 'INDEX' ELSE 'TABLE' END, a.amhandler)
      FROM pg_am a WHERE a.oid >= 16384
     UNION ALL
    SELECT 'language', 'pg_language', l.oid, 0, '', l.lanname,
           format('CREATE %sLANGUAGE %I%s%s%s', CASE WHEN l.lanpltrusted THEN 'TRUSTED ' END, l.lanname,
                  CASE WHEN l.lanplcallfoid <> 0 THEN ' HANDLER ' || l.lanplcallfoid::regproc END,
                  CASE WHEN l.laninline <> 0 THEN ' INLINE ' || l.laninline::regproc END,
                  CASE WHEN l.lanvalidator <> 0 THEN ' VALIDATOR ' || l.lanvalidator::regproc END)
      FROM pg_language l WHERE l.oid >= 16384
     UNION ALL
    SELECT 'conversion', 'pg_conversion', c.oid, 0, n.nspname, c.conname,
           format('CREATE %sCONVERSION %I.%I FOR %L TO %L FROM %s', CASE WHEN c.condefault THEN 'DEFAULT ' END, n.nspname,
                  c.conname, pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding), c.conproc)
      FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace WHERE c.oid >= 16384
     UNION ALL
    SELECT 'transform', 'pg_transform', f.oid, 0, '', format('%s LANGUAGE %s', format_type(f.trftype, NULL), l.lanname),
           format('CREATE TRANSFORM FOR %s LANGUAGE %I (%s)', format_type(f.trftype, NULL), l.lanname,
                  concat_ws(', ', CASE WHEN f.trffromsql <> 0 THEN 'FROM SQL WITH FUNCTION ' || f.trffromsql::regprocedure END,
                            CASE WHEN f.trftosql <> 0 THEN 'TO SQL WITH FUNCTION ' || f.trftosql::regprocedure END))
      FROM pg_transform f JOIN pg_language l ON l.oid = f.trflang
)
SELECT o.kind,
       o.oid,
       o.parent,
       o.nspname,
       o.name,
       o.definition,
       -- What an extension's own file and the server say of themselves, no author said.
       CASE o.kind WHEN 'extension' THEN nullif(description.description, available.comment)
                   WHEN 'namespace' THEN nullif(description.description, 'standard public schema')
                   ELSE description.description END
  FROM objects o
  LEFT JOIN pg_available_extensions available ON o.kind = 'extension' AND available.name = o.name
  LEFT JOIN pg_description description
         ON description.classoid = o.class AND description.objoid = o.oid AND description.objsubid = 0
 WHERE o.nspname !~ '^pg_' AND o.nspname <> 'information_schema'
   AND (o.kind <> 'namespace' OR o.name !~ '^pg_' AND o.name <> 'information_schema')
   AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = o.class AND e.objid = o.oid AND e.deptype = 'e')
 ORDER BY o.kind, o.oid
