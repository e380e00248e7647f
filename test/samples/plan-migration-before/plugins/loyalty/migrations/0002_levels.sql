-- before: ledger/0001_accounts

create table levels (id text primary key);
