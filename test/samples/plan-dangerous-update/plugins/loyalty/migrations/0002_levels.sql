-- A level for each, and what it is called.

create table levels (level integer primary key, name text not null);
create index levels_name on levels (name);

alter table points
  add column level integer not null;

create index points_level on points (level);
