-- tag: expand

create schema if not exists core_v1;

create view core_v1.stores as
  select id, name, currency, created_at from core.stores;

create view core_v1.products as
  select id, store_id, name, trim_scale(price) as price, category, stock, status, created_at from core.products;

create view core_v1.invoices as
  select id, number, store_id, status, trim_scale(amount) as amount, currency, buyer_email, created_at, paid_at from core.invoices;

create view core_v1.invoice_items as
  select invoice_id, product_id, name, quantity, trim_scale(price) as price from core.invoice_items;
