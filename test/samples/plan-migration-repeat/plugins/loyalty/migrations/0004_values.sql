-- repeat: true

insert into points (id, level) values (1, 1);
