-- Citus, second step: all that belongs to a shop lies on the shop's node. "Session", handled_webhooks, privacy_requests
-- and _prisma_migrations stay on the coordinator. A read names the ledger beside the shop's tables, so each node has all of it.

-- One connection a node, so that the next step sees in the same transaction what this one has made.
set local citus.multi_shard_modify_mode to 'sequential';

select create_distributed_table('shops', 'id');
select create_distributed_table('testimonial_requests', 'shop_id', colocate_with => 'shops');
select create_distributed_table('testimonial_request_events', 'shop_id', colocate_with => 'shops');
select create_distributed_table('testimonial_submissions', 'shop_id', colocate_with => 'shops');
select create_distributed_table('testimonial_daily_analytics', 'shop_id', colocate_with => 'shops');
select create_distributed_table('shop_products', 'shop_id', colocate_with => 'shops');
select create_distributed_table('rollup_marks', 'shop_id', colocate_with => 'shops');
select create_distributed_table('rollup_shops', 'shop_id', colocate_with => 'shops');
select create_reference_table('rollup_runs');
select create_reference_table('rollup_troubles');
select create_reference_table('rollup_definitions');

alter table testimonial_requests
  add constraint testimonial_requests_shop_id_fkey foreign key (shop_id) references shops (id) on delete cascade;
alter table testimonial_request_events
  add constraint testimonial_request_events_shop_id_fkey foreign key (shop_id) references shops (id) on delete cascade;
alter table testimonial_submissions
  add constraint testimonial_submissions_shop_id_fkey foreign key (shop_id) references shops (id) on delete cascade;
alter table shop_products
  add constraint shop_products_shop_id_fkey foreign key (shop_id) references shops (id) on delete cascade;
alter table testimonial_request_events
  add constraint testimonial_request_events_request_id_fkey foreign key (shop_id, request_id)
    references testimonial_requests (shop_id, id) on delete cascade;

-- No foreign key from a submission to its request: Citus has no "on delete set null" for one column of a key that
-- holds the shop. A submission keeps the id of a request that is gone; no metric looks at it.
