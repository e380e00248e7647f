insert into points (user_id, points) values ('sample-admin', 12), ('sample-clerk', 0);

delete from points where points = 0;

with gone as (delete from points returning user_id)
insert into points select user_id, 1 from gone;

create table levels (name text);

update core.users set name = 'Ada';
