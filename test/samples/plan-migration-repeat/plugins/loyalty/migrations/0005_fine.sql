-- repeat: true

update points set level = 1 where id in (select id from points where level is null limit 1000);
