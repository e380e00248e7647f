-- tag: expand
-- tx: none

create index concurrently payments_reference on payments (left(lower(reference), 200) text_pattern_ops);
