-- before: core/0003_payments

create table points (id text primary key);
