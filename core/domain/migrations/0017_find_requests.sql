-- tag: expand
-- tx: none

create index concurrently payment_requests_address on payment_requests (left(lower(address), 200) text_pattern_ops);
