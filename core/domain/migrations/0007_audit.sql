-- tag: expand

-- Who changed what. The names are kept as they were: a user who left did what they did.
create table audit_entries (
  id text primary key,
  seq bigint generated always as identity unique,
  user_id text not null,
  user_email text not null,
  is_by_token boolean not null,
  action text not null,
  path text not null,
  address text not null,
  created_at timestamptz not null default now()
);
create index audit_entries_created_at on audit_entries (created_at);
