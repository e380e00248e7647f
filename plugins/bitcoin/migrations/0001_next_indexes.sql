-- tag: expand

-- Which address comes next, by key: an index is given once, whoever asks at the same time, in whatever store.
create table next_indexes (
  key text primary key,
  next_index integer not null check (next_index >= 0)
);
