create table points (id text primary key);
