create table accounts (id text primary key);
