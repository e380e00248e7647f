-- tag: contract

-- compose-ignore require-concurrent-index-deletion: no shop has more than a hundred rows
drop index points_points;

alter table points rename column points to total;

alter table points alter column total type bigint;
