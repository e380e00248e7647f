-- tag: expand

alter table points add column more int;
alter table points drop column note;
