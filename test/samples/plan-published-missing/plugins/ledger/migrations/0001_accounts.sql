create table accounts (id text primary key);
create view balance as
  select id from accounts;
