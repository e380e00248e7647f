-- tag: expand

create table payment_accounts (
  store_id text not null references stores (id) on delete cascade,
  method text not null,
  is_enabled boolean not null default true,
  -- The account as JSON, encrypted; null for a method that needs none.
  sealed text,
  failure text,
  failed_at timestamptz,
  updated_at timestamptz not null default now(),
  primary key (store_id, method)
);

create table payment_requests (
  id text primary key,
  invoice_id text not null references invoices (id),
  method text not null,
  amount numeric(36, 18) not null check (amount > 0),
  currency text not null,
  address text not null,
  uri text not null,
  qr text not null,
  required_confirmations integer not null check (required_confirmations >= 0),
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  looked_at timestamptz,
  -- Null when nobody looks any more.
  next_look_at timestamptz,
  failures integer not null default 0,
  unique (invoice_id, method)
);
create index payment_requests_next_look_at on payment_requests (next_look_at);
