-- tag: expand

create table imports (
  id bigint generated always as identity primary key,
  file_name text not null,
  store_id text not null,
  mode text not null check (mode in ('good-rows', 'all-or-nothing')),
  state text not null default 'queued' check (state in ('queued', 'checking', 'importing', 'done', 'failed')),
  -- The whole file; null once the import has ended.
  content text,
  total_rows integer not null default 0,
  checked_rows integer not null default 0,
  imported_rows integer not null default 0,
  refused_rows integer not null default 0,
  -- The file's first line as it stood there, for the file of refused rows.
  header text not null default '',
  message text not null default '',
  created_by text not null,
  created_at timestamptz not null default now(),
  -- Set before products are added: tells a second attempt where to look.
  import_started_at timestamptz,
  ended_at timestamptz
);

create table refused_rows (
  import_id bigint not null references imports (id) on delete cascade,
  line integer not null,
  reason text not null,
  -- The row as it stood in the file.
  text text not null,
  primary key (import_id, line)
);
