-- tag: expand

create table payments (
  id text primary key,
  seq bigint generated always as identity unique,
  invoice_id text not null references invoices (id),
  method text not null,
  reference text not null,
  amount numeric(36, 18) not null check (amount >= 0),
  currency text not null,
  -- What the whole invoice costs in this method's currency.
  due numeric(36, 18) not null check (due >= 0),
  status text not null check (status in ('seen', 'confirmed', 'settled', 'failed')),
  confirmations integer not null default 0 check (confirmations >= 0),
  required_confirmations integer not null default 0 check (required_confirmations >= 0),
  is_late boolean not null default false,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (method, reference)
);
create index payments_invoice_id on payments (invoice_id, seq);

alter table invoices add column exception_status text not null default 'none';

create view core_v1.payments as
  select id, invoice_id, method, reference, trim_scale(amount) as amount, currency, status, confirmations, is_late, created_at from core.payments;
