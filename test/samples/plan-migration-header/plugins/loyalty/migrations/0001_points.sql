-- tag: grow

create table points (customer text primary key);
