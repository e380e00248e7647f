-- after: loyalty/0001_points

create table totals (id text primary key);
