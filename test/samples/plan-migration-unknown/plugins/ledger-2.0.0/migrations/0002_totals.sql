create table totals (id text primary key);
