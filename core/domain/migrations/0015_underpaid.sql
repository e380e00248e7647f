-- tag: expand

-- Percent of the amount that may be missing of what is paid, as the store had it when the invoice was made.
alter table invoices add column underpaid_percent numeric not null default 0;
