-- tag: expand

create table users (
  id text primary key,
  seq bigint generated always as identity unique,
  email text not null unique,
  name text not null,
  password_hash text not null,
  is_administrator boolean not null default false,
  permissions jsonb not null default '[]',
  created_at timestamptz not null default now()
);

create table sessions (
  hash text primary key,
  user_id text not null references users (id) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sessions_user_id on sessions (user_id);

create table tokens (
  id text primary key,
  seq bigint generated always as identity unique,
  user_id text not null references users (id) on delete cascade,
  name text not null,
  hash text not null unique,
  permissions jsonb not null default '[]',
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);
create index tokens_user_id on tokens (user_id);

create table sign_in_failures (
  address text not null,
  at timestamptz not null default now()
);
create index sign_in_failures_address on sign_in_failures (address, at);

create table stores (
  id text primary key,
  seq bigint generated always as identity unique,
  name text not null,
  description text not null default '',
  currency text not null,
  next_invoice_number integer not null default 1,
  created_at timestamptz not null default now()
);

create table files (
  id text primary key,
  content_type text not null,
  size_bytes integer not null,
  created_at timestamptz not null default now()
);

create table products (
  id text primary key,
  seq bigint generated always as identity unique,
  store_id text not null references stores (id),
  name text not null,
  description text not null default '',
  price numeric(23, 8) not null check (price >= 0),
  category text not null default '',
  stock integer check (stock >= 0),
  status text not null default 'active' check (status in ('active', 'hidden')),
  image_id text references files (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index products_store_id on products (store_id, seq desc);
create index products_category on products (store_id, category);

create table carts (
  id text primary key,
  store_id text not null references stores (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table cart_items (
  cart_id text not null references carts (id) on delete cascade,
  product_id text not null references products (id) on delete cascade,
  seq bigint generated always as identity,
  quantity integer not null check (quantity > 0),
  primary key (cart_id, product_id)
);
create index cart_items_product_id on cart_items (product_id);

create table invoices (
  id text primary key,
  seq bigint generated always as identity unique,
  store_id text not null references stores (id),
  number integer not null,
  status text not null,
  amount numeric(23, 8) not null,
  currency text not null,
  buyer_email text not null,
  method text not null,
  cart_id text,
  idempotency_key text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  paid_at timestamptz,
  completed_at timestamptz,
  unique (store_id, number),
  unique (cart_id, idempotency_key)
);
create index invoices_status on invoices (status, expires_at);
create index invoices_created_at on invoices (created_at);

create table invoice_items (
  invoice_id text not null references invoices (id) on delete cascade,
  position integer not null,
  product_id text not null,
  name text not null,
  quantity integer not null check (quantity > 0),
  price numeric(23, 8) not null,
  total numeric(23, 8) not null,
  is_reserved boolean not null,
  primary key (invoice_id, position)
);
create index invoice_items_product_id on invoice_items (product_id);

create table settings (
  plugin text not null,
  key text not null,
  value text not null,
  is_secret boolean not null,
  updated_at timestamptz not null default now(),
  primary key (plugin, key)
);
