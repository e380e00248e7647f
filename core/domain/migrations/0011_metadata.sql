-- tag: expand

-- What merchants and plugins note about a record, an object a namespace: `merchant`, or a plugin's name.
create table store_metadata (
  record_id text not null references stores (id) on delete cascade,
  namespace text not null,
  value jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (record_id, namespace)
);
create index store_metadata_value on store_metadata using gin (value jsonb_path_ops);

create table product_metadata (
  record_id text not null references products (id) on delete cascade,
  namespace text not null,
  value jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (record_id, namespace)
);
create index product_metadata_value on product_metadata using gin (value jsonb_path_ops);

create table invoice_metadata (
  record_id text not null references invoices (id) on delete cascade,
  namespace text not null,
  value jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (record_id, namespace)
);
create index invoice_metadata_value on invoice_metadata using gin (value jsonb_path_ops);

create table user_metadata (
  record_id text not null references users (id) on delete cascade,
  namespace text not null,
  value jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (record_id, namespace)
);
create index user_metadata_value on user_metadata using gin (value jsonb_path_ops);

create table webhook_metadata (
  record_id text not null references webhooks (id) on delete cascade,
  namespace text not null,
  value jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (record_id, namespace)
);
create index webhook_metadata_value on webhook_metadata using gin (value jsonb_path_ops);

create table notice_metadata (
  record_id text not null references notice_rules (id) on delete cascade,
  namespace text not null,
  value jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (record_id, namespace)
);
create index notice_metadata_value on notice_metadata using gin (value jsonb_path_ops);

create view core_v1.store_metadata as
  select record_id as store_id, namespace, value from core.store_metadata;

create view core_v1.product_metadata as
  select record_id as product_id, namespace, value from core.product_metadata;

create view core_v1.invoice_metadata as
  select record_id as invoice_id, namespace, value from core.invoice_metadata;
