-- An import in each state, one of them by a store that is gone.

insert into imports (file_name, store_id, mode, state, content, header, message, created_by, import_started_at, ended_at, total_rows, refused_rows) values
  ('queued.csv', 'sample-store', 'good-rows', 'queued', E'name,price\nMug,12.5\n', '', '', 'sample-admin', null, null, 0, 0),
  ('checking.csv', 'sample-store', 'all-or-nothing', 'checking', E'name,price\nMug,\n', 'name,price', '', 'sample-clerk', null, null, 1, 1),
  ('importing.csv', 'sample-store', 'good-rows', 'importing', '', 'name,price', '', 'sample-admin', '2026-01-01 00:00Z', null, 0, 0),
  ('done.csv', 'sample-store-gone', 'good-rows', 'done', null, 'name,price', '', 'sample-user-gone', '2026-01-01 00:00Z', '2026-01-01 00:01Z', 2, 1),
  ('', 'sample-store', 'all-or-nothing', 'failed', null, '', 'The file holds no rows.', 'sample-admin', null, '2026-01-01 00:01Z', 0, 0);

insert into refused_rows (import_id, line, reason, text)
  select id, 2, 'The price is missing.', 'Mug,' from imports where refused_rows > 0;
