-- tag: migrate

-- What was marked as paid before payments were stored.
insert into payments (id, invoice_id, method, reference, amount, currency, due, status, created_at, updated_at)
  select 'manual-' || id, id, 'manual', id, amount, currency, amount, 'settled', paid_at, paid_at
  from invoices
  where paid_at is not null;
