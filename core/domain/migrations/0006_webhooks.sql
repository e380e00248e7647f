-- tag: expand

create table webhooks (
  id text primary key,
  seq bigint generated always as identity unique,
  store_id text not null references stores (id) on delete cascade,
  url text not null,
  events jsonb not null,
  -- Encrypted: what signs is needed again at each delivery.
  sealed_secret text not null,
  is_enabled boolean not null default true,
  created_at timestamptz not null default now()
);
create index webhooks_store_id on webhooks (store_id);

create table webhook_deliveries (
  id text primary key,
  seq bigint generated always as identity unique,
  webhook_id text not null references webhooks (id) on delete cascade,
  event text not null,
  -- The very text that is signed.
  body text not null,
  status text not null default 'waiting' check (status in ('waiting', 'delivered', 'parked')),
  tries integer not null default 0 check (tries >= 0),
  response_status integer,
  ms integer,
  failure text,
  created_at timestamptz not null default now(),
  tried_at timestamptz,
  next_try_at timestamptz
);
create index webhook_deliveries_webhook_id on webhook_deliveries (webhook_id, seq desc);
create index webhook_deliveries_created_at on webhook_deliveries (created_at);
