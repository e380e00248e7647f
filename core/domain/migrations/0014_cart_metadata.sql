-- tag: expand

-- What plugins, and buyers for them, note about a cart. An order takes it along to its invoice, where it is found.
create table cart_metadata (
  record_id text not null references carts (id) on delete cascade,
  namespace text not null,
  value jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (record_id, namespace)
);
