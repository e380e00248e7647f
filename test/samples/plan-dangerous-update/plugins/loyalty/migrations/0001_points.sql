create table points (user_id text primary key, points integer not null);
