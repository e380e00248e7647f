-- repeat: true

delete from points where level is null;
delete from points where level = 0;
