drop table levels;
