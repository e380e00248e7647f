-- after: ledger/0001_accounts

create table points (id text primary key);
