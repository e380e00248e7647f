/** One row, `catalog`: the schemas of plugins, each with its tables, sorted by name, columns in their own order. */
export const readCatalog = `
select coalesce(json_object_agg(schema, tables order by schema), '{}') as catalog
from (
  select n.nspname as schema,
    json_agg(json_build_object('name', c.relname, 'columns', columns.list) order by c.relname) as tables
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  cross join lateral (
    select json_agg(json_build_object(
      'name', a.attname,
      'type', format_type(a.atttypid, null),
      'labels', coalesce((
        select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e
        where e.enumtypid = case when t.typelem <> 0 and t.typlen = -1 then t.typelem else t.oid end
      ), '[]'),
      'isNullable', not a.attnotnull and c.relkind in ('r', 'p'),
      'isGenerated', a.atthasdef or a.attidentity <> ''
    ) order by a.attnum) as list
    from pg_attribute a
    join pg_type t on t.oid = a.atttypid
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  ) columns
  where n.nspname like 'p\\_%' and c.relkind in ('r', 'p', 'v', 'm')
  group by n.nspname
) schemas`
