-- tag: expand

-- Settings as one store has them, where it has its own.
create table store_settings (
  store_id text not null references stores (id) on delete cascade,
  plugin text not null,
  key text not null,
  value text not null,
  is_secret boolean not null,
  updated_at timestamptz not null default now(),
  primary key (store_id, plugin, key)
);

-- Settings as one user has them.
create table user_settings (
  user_id text not null references users (id) on delete cascade,
  plugin text not null,
  key text not null,
  value text not null,
  is_secret boolean not null,
  updated_at timestamptz not null default now(),
  primary key (user_id, plugin, key)
);
