-- Votes at both ends of the scale, on a product that is there and on one that is gone.

insert into votes (product_id, visitor, stars, comment) values
  ('sample-mug', 'sample-visitor', 5, 'Holds tea.'),
  ('sample-mug', 'sample-visitor-again', 1, ''),
  ('sample-product-gone', 'sample-visitor', 3, repeat('x', 500));

insert into tallies (product_id, stars, count)
  select product_id, stars, count(*) from votes group by product_id, stars;

insert into tallies (product_id, stars, count) values ('sample-mug', 2, 0);

insert into invitations (invoice_id, product_id, text) values
  ('sample-invoice-complete', 'sample-mug', 'How do you like it?'),
  ('sample-invoice-complete', 'sample-product-gone', '');
