-- Every type that is not the server's own, row and array types and those of extensions among them: the others name
-- them by oid. Only those with a kind are objects of the schema.
SELECT t.oid,
       n.nspname,
       t.typname,
       CASE WHEN of_extension.objid IS NOT NULL THEN NULL
            WHEN t.typtype = 'c' THEN CASE WHEN row_of.relkind = 'c' THEN 'c' END
            WHEN t.typtype = 'b' THEN CASE WHEN element.oid IS NULL THEN 'b' END
            WHEN t.typtype = 'm' THEN NULL
            ELSE t.typtype::text
       END AS kind,
       coalesce(element.oid, ranges.rngtypid, 0) AS stands_for,
       element.oid IS NOT NULL AS is_array,
       t.typrelid,
       ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS labels,
       t.typbasetype,
       CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END AS base,
       t.typnotnull,
       CASE WHEN t.typtype = 'd' THEN coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault) END AS default_value,
       CASE WHEN t.typtype = 'd' AND t.typcollation <> base.typcollation THEN t.typcollation::regcollation END AS collated,
       array_remove(ARRAY[
           'subtype=' || format_type(r.rngsubtype, NULL),
           CASE WHEN NOT class.opcdefault
                THEN 'subtype_opclass=' || CASE WHEN opclass_in.nspname <> 'pg_catalog'
                                                THEN quote_ident(opclass_in.nspname) || '.' ELSE '' END
                                        || quote_ident(class.opcname) END,
           CASE WHEN r.rngcollation <> subtype.typcollation THEN 'collation=' || r.rngcollation::regcollation END,
           CASE WHEN r.rngcanonical <> 0 THEN 'canonical=' || r.rngcanonical END,
           CASE WHEN r.rngsubdiff <> 0 THEN 'subtype_diff=' || r.rngsubdiff END], NULL) AS range_options,
       multirange.typname AS multirange,
       CASE WHEN t.typtype IN ('b', 'p') AND of_extension.objid IS NULL AND element.oid IS NULL THEN
           'CREATE TYPE ' || format_type(t.oid, NULL) || CASE WHEN t.typisdefined THEN
               format(' (INPUT = %s, OUTPUT = %s%s%s%s%s, INTERNALLENGTH = %s%s, ALIGNMENT = %s, STORAGE = %s%s%s)',
                      t.typinput, t.typoutput,
                      CASE WHEN t.typreceive <> 0 THEN ', RECEIVE = ' || t.typreceive END,
                      CASE WHEN t.typsend <> 0 THEN ', SEND = ' || t.typsend END,
                      CASE WHEN t.typmodin <> 0 THEN ', TYPMOD_IN = ' || t.typmodin END,
                      CASE WHEN t.typmodout <> 0 THEN ', TYPMOD_OUT = ' || t.typmodout END,
                      CASE t.typlen WHEN -1 THEN 'VARIABLE' ELSE t.typlen::text END,
                      CASE WHEN t.typbyval THEN ', PASSEDBYVALUE' END,
                      CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'i' THEN 'int4' ELSE 'double' END,
                      CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main'
                                        ELSE 'extended' END,
                      CASE WHEN t.typdefault IS NOT NULL THEN ', DEFAULT = ' || quote_literal(t.typdefault) END,
                      CASE WHEN t.typcollation <> 0 THEN ', COLLATABLE = true' END)
           ELSE '' END
       END AS base_definition,
       description.description
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_type element ON element.oid = t.typelem AND element.typarray = t.oid
  LEFT JOIN pg_class row_of ON row_of.oid = t.typrelid
  LEFT JOIN pg_type base ON base.oid = t.typbasetype
  LEFT JOIN pg_range r ON r.rngtypid = t.oid
  LEFT JOIN pg_range ranges ON ranges.rngmultitypid = t.oid
  LEFT JOIN pg_type subtype ON subtype.oid = r.rngsubtype
  LEFT JOIN pg_type multirange ON multirange.oid = r.rngmultitypid
  LEFT JOIN pg_opclass class ON class.oid = r.rngsubopc
  LEFT JOIN pg_namespace opclass_in ON opclass_in.oid = class.opcnamespace
  LEFT JOIN pg_depend of_extension
         ON of_extension.classid = 'pg_type'::regclass AND of_extension.objid = t.oid AND of_extension.deptype = 'e'
  LEFT JOIN pg_description description
         ON description.classoid = 'pg_type'::regclass AND description.objoid = t.oid AND description.objsubid = 0
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 ORDER BY t.oid
