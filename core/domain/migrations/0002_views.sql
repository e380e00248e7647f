-- tag: expand

create schema if not exists core_v1;

create view core_v1.stores as
  select id, name, currency, created_at from core.stores;

create view core_v1.products as
  select id, store_id, name, price, category, stock, status, created_at from core.products;

create view core_v1.invoices as
  select id, number, store_id, status, amount, currency, buyer_email, created_at, paid_at from core.invoices;

create view core_v1.invoice_items as
  select invoice_id, product_id, name, quantity, price from core.invoice_items;
