-- tag: expand

create table points (customer text primary key, points integer not null);
