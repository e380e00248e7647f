-- after: ledger
-- probe: select 1

create table levels (id text primary key);
