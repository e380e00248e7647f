-- tag: expand

alter table stores add column logo_id text references files (id);
