-- tag: expand

-- Zwölf Monate müssen genügen.
create table points (customer text primary key);
insert into points select id from core.users;
alter table p_ratings.votes add column points integer;
insert into points select id from core_v1.products;
insert into points select product_id from p_ratings.votes;
