-- What a shop may hold when it is updated: every table has rows, with the values at the edge of what it takes.
-- Builds rehearse upgrades on them; no shop ever gets them. Plugins may name the ids.

insert into users (id, email, name, password_hash, is_administrator, permissions) values
  ('sample-admin', 'admin@shop.example', 'Ada Admin', 'none', true, '[]'),
  ('sample-clerk', 'clerk@shop.example', '', 'none', false, '["products.manage"]');

insert into sessions (hash, user_id, expires_at) values
  ('sample-session', 'sample-admin', '2026-01-01 00:00Z');

insert into tokens (id, user_id, name, hash, permissions, last_used_at) values
  ('sample-token', 'sample-admin', 'Accounting', 'sample-token-hash', '["invoices.view"]', null),
  ('sample-token-used', 'sample-clerk', '', 'sample-token-used-hash', '[]', '2026-01-01 00:00Z');

insert into sign_in_failures (address) values ('203.0.113.7'), ('203.0.113.7');

insert into stores (id, name, description, currency, next_invoice_number) values
  ('sample-store', 'Corner shop', 'Mugs & “more”', 'EUR', 5),
  ('sample-store-empty', 'Empty shop', '', 'BTC', 1);

insert into store_members (store_id, user_id, role) values
  ('sample-store', 'sample-admin', 'owner'),
  ('sample-store', 'sample-clerk', 'viewer'),
  ('sample-store-empty', 'sample-clerk', 'manager');

insert into idempotency_keys (asker, key, fingerprint, sealed_answer) values
  ('sample-admin', 'sample-key', 'sample-fingerprint', 'unreadable'),
  ('/api/carts/sample-cart/checkout', 'sample-key', 'sample-fingerprint', '');

insert into files (id, content_type, size_bytes) values ('sample-image', 'image/png', 0);

update stores set logo_id = 'sample-image' where id = 'sample-store';

insert into products (id, store_id, name, description, price, category, stock, status, image_id) values
  ('sample-mug', 'sample-store', 'Mug', 'Holds tea.', 12.5, 'kitchen', 3, 'active', 'sample-image'),
  ('sample-download', 'sample-store', 'Download', '', 0, '', null, 'active', null),
  ('sample-mug-gone', 'sample-store', 'Mug', '', 999999999999999.99999999, 'kitchen', 0, 'hidden', null);

insert into carts (id, store_id) values
  ('sample-cart', 'sample-store'),
  ('sample-cart-empty', 'sample-store-empty');

insert into cart_items (cart_id, product_id, quantity) values
  ('sample-cart', 'sample-mug', 2),
  ('sample-cart', 'sample-download', 1);

insert into invoices (id, store_id, number, status, amount, currency, buyer_email, method, cart_id, idempotency_key, expires_at, paid_at, completed_at) values
  ('sample-invoice', 'sample-store', 1, 'pending', 25, 'EUR', 'buyer@example.com', 'manual', 'sample-cart', 'sample-key', '2026-01-01 00:15Z', null, null),
  ('sample-invoice-complete', 'sample-store', 2, 'complete', 12.5, 'EUR', '', 'manual', null, null, '2026-01-01 00:15Z', '2026-01-01 00:05Z', '2026-01-01 00:10Z'),
  ('sample-invoice-expired', 'sample-store', 3, 'expired', 0, 'EUR', 'buyer@example.com', 'manual', null, null, '2026-01-01 00:15Z', null, null),
  ('sample-invoice-refunded', 'sample-store', 4, 'refunded', 0.00000001, 'BTC', 'buyer@example.com', 'manual', 'sample-cart-gone', 'sample-key', '2026-01-01 00:15Z', '2026-01-01 00:05Z', '2026-01-01 00:10Z');

-- One product of them is deleted since.
insert into invoice_items (invoice_id, position, product_id, name, quantity, price, total, is_reserved) values
  ('sample-invoice', 0, 'sample-mug', 'Mug', 2, 12.5, 25, true),
  ('sample-invoice-complete', 0, 'sample-mug', 'Mug', 1, 12.5, 12.5, false),
  ('sample-invoice-complete', 1, 'sample-product-gone', '', 1, 0, 0, false);

update invoices set underpaid_percent = 0.5 where id = 'sample-invoice-complete';

insert into settings (plugin, key, value, is_secret) values
  ('core', 'sample', '"text"', false),
  ('sample-plugin-gone', 'key', 'unreadable', true);

insert into notice_rules (id, store_id, channel, audience, sealed_target, target_name, events, is_enabled) values
  ('sample-rule', 'sample-store', 'sample-plugin-gone.channel', 'staff', 'unreadable', '', '[]', false),
  ('sample-rule-buyer', 'sample-store', 'mail.smtp', 'buyer', null, 'The buyer', '["invoice.paid"]', true);

insert into notice_messages (id, rule_id, event, payload, subject, body, recipient, status, tries, failure, tried_at, next_try_at) values
  ('sample-message', 'sample-rule-buyer', 'invoice.paid', '{}', null, null, '', 'waiting', 0, null, null, '2026-01-01 00:00Z'),
  ('sample-message-parked', 'sample-rule', 'product.low', '{}', '', '', 'owner@shop.example', 'parked', 8, '', '2026-01-01 00:00Z', null);

insert into store_texts (store_id, plugin, template, text) values
  ('sample-store', 'core', 'receipt', 'Order {{number}}'),
  ('sample-store', 'sample-plugin-gone', 'text', '');

insert into store_metadata (record_id, namespace, value) values ('sample-store', 'merchant', '{"region": "north"}');

insert into product_metadata (record_id, namespace, value) values
  ('sample-mug', 'merchant', '{"supplier": "Clay & Sons", "tags": ["new", "blue"], "weight": 0.35}'),
  ('sample-mug', 'sample-plugin-gone', '{"key": null}');

insert into cart_metadata (record_id, namespace, value) values ('sample-cart', 'sample-plugin-gone', '{"wrapping": "paper"}');

insert into invoice_metadata (record_id, namespace, value) values ('sample-invoice', 'merchant', '{"order": "4711"}');

insert into user_metadata (record_id, namespace, value) values ('sample-clerk', 'merchant', '{"shift": 2}');

insert into webhooks (id, store_id, url, events, sealed_secret, is_enabled) values
  ('sample-webhook', 'sample-store', 'https://example.com/told', '["invoice.paid"]', 'unreadable', false);

insert into webhook_metadata (record_id, namespace, value) values ('sample-webhook', 'merchant', '{"owner": "accounting"}');

insert into notice_metadata (record_id, namespace, value) values ('sample-rule', 'sample-plugin-gone', '{"on": true}');

insert into store_settings (store_id, plugin, key, value, is_secret) values
  ('sample-store', 'core', 'invoiceMinutes', '15', false),
  ('sample-store', 'sample-plugin-gone', 'key', 'unreadable', true);

insert into user_settings (user_id, plugin, key, value, is_secret) values
  ('sample-clerk', 'sample-plugin-gone', 'key', '""', false);
