-- tag: expand, because nobody reads that column

alter table points drop column more;
