-- tag: expand

-- Who works in a store, and as what.
create table store_members (
  store_id text not null references stores (id) on delete cascade,
  user_id text not null references users (id) on delete cascade,
  role text not null check (role in ('owner', 'manager', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (store_id, user_id)
);
create index store_members_user_id on store_members (user_id);

insert into store_members (store_id, user_id, role)
  select stores.id, users.id, 'owner' from stores cross join users where users.is_administrator;

-- What a creation answered, so that the same one again answers the same.
create table idempotency_keys (
  asker text not null,
  key text not null,
  -- Of the operation and what was sent.
  fingerprint text not null,
  -- Encrypted: an answer may hold a secret.
  sealed_answer text not null,
  created_at timestamptz not null default now(),
  primary key (asker, key)
);
create index idempotency_keys_created_at on idempotency_keys (created_at);
