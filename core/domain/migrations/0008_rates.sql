-- tag: expand

-- The rate that the amount was made with; null where none was needed.
alter table payment_requests add column rate jsonb;
