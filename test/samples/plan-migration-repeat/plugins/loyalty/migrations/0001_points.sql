create table points (id bigint primary key, level int);
