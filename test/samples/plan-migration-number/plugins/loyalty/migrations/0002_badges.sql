create table badges (id text primary key);
