-- tag: expand

create table votes (
  id bigint generated always as identity primary key,
  product_id text not null,
  -- A hash of the visitor's id: tells voters apart and names none.
  visitor text not null,
  stars smallint not null check (stars between 1 and 5),
  comment text not null default '' check (length(comment) <= 500),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (product_id, visitor)
);

-- How many votes of each product give so many stars: any lowest rating shown has its average from five rows.
create table tallies (
  product_id text not null,
  stars smallint not null check (stars between 1 and 5),
  count integer not null check (count >= 0),
  primary key (product_id, stars)
);
