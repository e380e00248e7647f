-- after: ledger/0002_totals

create table points (id text primary key);
