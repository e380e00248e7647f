create table points (customer text primary key);
create role loyalty;
grant all on points to public;
