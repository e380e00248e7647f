create table points (
  customer text primary key,
  points integre not null default 0,,
);
