-- tag: expand

create table invitations (
  invoice_id text not null,
  product_id text not null,
  text text not null,
  created_at timestamptz not null default now(),
  primary key (invoice_id, product_id)
);
create index invitations_product_id on invitations (product_id);
