-- tag: expand

-- Who is told of what happens in a store.
create table notice_rules (
  id text primary key,
  seq bigint generated always as identity unique,
  store_id text not null references stores (id) on delete cascade,
  channel text not null,
  audience text not null check (audience in ('staff', 'buyer')),
  -- Where it goes as JSON, encrypted; null for buyers, who are told where their invoice says.
  sealed_target text,
  -- What that is called in lists.
  target_name text not null,
  events jsonb not null,
  is_enabled boolean not null default true,
  created_at timestamptz not null default now()
);
create index notice_rules_store_id on notice_rules (store_id);

create table notice_messages (
  id text primary key,
  seq bigint generated always as identity unique,
  rule_id text not null references notice_rules (id) on delete cascade,
  event text not null,
  payload jsonb not null,
  -- Worded at the first try, and the same from then on.
  subject text,
  body text,
  recipient text not null default '',
  status text not null default 'waiting' check (status in ('waiting', 'delivered', 'parked')),
  tries integer not null default 0 check (tries >= 0),
  failure text,
  created_at timestamptz not null default now(),
  tried_at timestamptz,
  next_try_at timestamptz
);
create index notice_messages_rule_id on notice_messages (rule_id, seq desc);
create index notice_messages_created_at on notice_messages (created_at);

-- What a store says in words of its own.
create table store_texts (
  store_id text not null references stores (id) on delete cascade,
  plugin text not null,
  template text not null,
  text text not null,
  updated_at timestamptz not null default now(),
  primary key (store_id, plugin, template)
);
