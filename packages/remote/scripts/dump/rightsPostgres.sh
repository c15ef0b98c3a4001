# shellcheck disable=SC2016  # what is quoted so is SQL
# shellcheck disable=SC2030,SC2031  # one subshell has a database of its own
#
# needs major server_major words work sql() warn() words_of()
#
# What a restore will need, told by name while there is time. Who may do all needs little of it.
look_at_way_back() {
  as_things_are='no restore can be made as things are:'
  tell "$as_things_are" "select format('%1\$I may not make databases; as an administrator: alter role %1\$I createdb', rolname)" \
    'from pg_roles where rolname = current_user and not (rolcreatedb or rolsuper);'
  (export PGDATABASE=deploy_partial_0_0 && echo 'select 1;' | sql >/dev/null)
  words_of sql
  case $words in *pg_hba.conf*) warn "$as_things_are pg_hba.conf lets nobody in to a new database: $words" ;; esac
  tell 'no restore can be brought into its place as things are:' \
    "select format('%I belongs to %I, and %I may not rename it; as an administrator: alter database %1\$I owner to %3\$I', datname, pg_get_userbyid(datdba), current_user)" \
    "from pg_database where datname = current_database() and not pg_has_role(current_user, datdba, 'usage');"
  look_at_owners
  look_at_extensions
  look_at_names
}

# TEXT SQL…: warns of each line that it answers
tell() {
  text=$1
  shift
  printf '%s\n' "set search_path = '';" "$@" | sql >"$work/told" || {
    words_of sql
    warn "it could not be told whether a restore could be made: $words"
    return 0
  }
  while IFS= read -r line; do [ -z "$line" ] || warn "$text $line"; done <"$work/told"
}

# CATALOG: of its rows what is neither the server's own nor an extension's
ours() { printf '%s' "$1.oid >= 16384 and not exists (select from pg_depend e where e.classid = $1.tableoid and e.objid = $1.oid and e.deptype = 'e')"; }

# What the first administrator owns is written down nowhere but with the thing itself. Clients since 15 write whose `public` is.
look_at_owners() {
  may=member
  [ "$server_major" -lt 1600 ] || may='set'
  schema=false
  [ "$major" -lt 1500 ] || schema="exists (select from pg_namespace s where nspname = 'public' and nspowner = r.oid and rolname <> 'pg_database_owner')"
  set -- "(exists (select from pg_shdepend s join pg_database d on d.oid = dbid where datname = current_database() and deptype = 'o' and refobjid = r.oid and" \
    "not exists (select from pg_depend e where e.classid = s.classid and e.objid = s.objid and e.deptype = 'e') and s.classid <> 'pg_extension'::regclass)" \
    "or r.oid = 10 and (exists (select from pg_class c where relowner = 10 and $(ours c) and relkind in ('r', 'p', 'v', 'm', 'S', 'f'))" \
    "or exists (select from pg_proc c where proowner = 10 and $(ours c)) or exists (select from pg_namespace c where nspowner = 10 and $(ours c)))" \
    "or $schema)"
  tell 'no restore can keep whose things are whose as things are:' \
    "select format('%I may give nothing to %s; as an administrator: grant %2\$s to %1\$I (or restore with --plain-owners)', current_user, string_agg(quote_ident(rolname), ', ' order by rolname))" \
    "from pg_roles r where not pg_has_role(current_user, r.oid, '$may') and" "$@" 'having count(*) > 0;'
  [ "$server_major" -lt 1500 ] ||
    tell 'no restore can keep whose things are whose as things are:' \
      "select format('%s may make nothing in public of a new database; restore with --plain-owners, or as an administrator', string_agg(distinct quote_ident(rolname), ', '))" \
      "from pg_class c join pg_roles r on r.oid = relowner where relnamespace = 'public'::regnamespace and rolname <> current_user and $(ours c)" \
      "and not (select rolsuper from pg_roles where rolname = current_user) having count(*) > 0;"
}

# Hosts that give nobody all rights give the first of their roles these.
look_at_extensions() {
  tell "$as_things_are" "select 'the server has the files of the extension ' || quote_ident(extname) || ' no more; install them again, or drop it'" \
    'from pg_extension where not exists (select from pg_available_extensions where name = extname);'
  [ "$server_major" -lt 1000 ] || tell "$as_things_are" "select 'only an administrator of the server may make ' || string_agg(what, ', ' order by what) || '; restore as one' from (" \
    "select 'the extension ' || quote_ident(extname) what from pg_extension join pg_available_extensions a on a.name = extname" \
    "join pg_available_extension_versions v on v.name = a.name and v.version = a.default_version where v.superuser and coalesce(to_jsonb(v)->>'trusted', 'false') = 'false'" \
    "union all select 'the event trigger ' || quote_ident(evtname) from pg_event_trigger t where $(ours t)" \
    "union all select 'the publication ' || quote_ident(pubname) from pg_publication where puballtables" \
    "union all select 'the function ' || p.oid::regprocedure from pg_proc p join pg_language l on l.oid = prolang where (not lanpltrusted or proleakproof) and $(ours p)) w" \
    "where not exists (select from pg_roles r where pg_has_role(current_user, r.oid, 'usage') and (r.rolsuper or r.rolname in ('rds_superuser', 'cloudsqlsuperuser', 'azure_pg_admin'))) having count(*) > 0;"
}

# A restore has no search_path, and runs what checks, indexes, generated columns and materialized views call: what they
# name without a schema is not found then.
look_at_names() {
  tell "$as_things_are" "select format('%s names %s without a schema, which no restore finds, and %s calls it; write %s.%s there, or: alter function %1\$s set search_path = %4\$s'," \
    "p.oid::regprocedure, min(quote_ident(n.name)), min(pg_describe_object(d.classid, d.objid, d.objsubid)), min(quote_ident(n.place)), min(quote_ident(n.name)))" \
    "from pg_proc p join pg_language l on l.oid = prolang and lanname not in ('c', 'internal') join pg_depend d on d.refclassid = 'pg_proc'::regclass and d.refobjid = p.oid" \
    "join (select relname as name, relnamespace::regnamespace::text as place from pg_class c where relkind in ('r', 'p', 'v', 'm', 'S', 'f')" \
    "union select proname, pronamespace::regnamespace::text from pg_proc) n on place not in ('pg_catalog', 'information_schema', 'pg_toast')" \
    "and prosrc ~* ('(^|[^.[:alnum:]_\$\"])\"?' || regexp_replace(n.name, '([^[:alnum:]_])', '\\\\\\1', 'g') || '\"?(\$|[^.[:alnum:]_\$\"])')" \
    "where $(ours p) and to_jsonb(p)->>'prosqlbody' is null and not exists (select from unnest(proconfig) c where c like 'search_path=%') and (" \
    "exists (select from pg_constraint where d.classid = tableoid and d.objid = oid and contype = 'c')" \
    "or exists (select from pg_class where d.classid = tableoid and d.objid = oid and relkind in ('i', 'I'))" \
    "or exists (select from pg_attrdef a join pg_attribute t on t.attrelid = adrelid and attnum = adnum where d.classid = a.tableoid and d.objid = a.oid and to_jsonb(t)->>'attgenerated' <> '')" \
    "or exists (select from pg_rewrite w join pg_class m on m.oid = ev_class and relkind = 'm' where d.classid = w.tableoid and d.objid = w.oid)) group by p.oid;"
}
