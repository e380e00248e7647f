create table points (id bigint primary key, note text);
