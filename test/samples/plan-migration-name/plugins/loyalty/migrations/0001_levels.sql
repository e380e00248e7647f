create table levels (id text primary key);
