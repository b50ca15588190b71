-- Citus, first step, after all migrations: what a distributed table can't have goes, and its keys take in the shop.
-- Statement-level triggers with transition tables can't read them on a shard; 3-triggers.sql has row-level ones.

drop trigger rollup_mark_on_insert on testimonial_requests;
drop trigger rollup_mark_on_update on testimonial_requests;
drop trigger rollup_mark_on_delete on testimonial_requests;
drop trigger rollup_mark_on_truncate on testimonial_requests;
drop trigger rollup_mark_on_insert on testimonial_request_events;
drop trigger rollup_mark_on_update on testimonial_request_events;
drop trigger rollup_mark_on_delete on testimonial_request_events;
drop trigger rollup_mark_on_truncate on testimonial_request_events;
drop trigger rollup_mark_on_insert on testimonial_submissions;
drop trigger rollup_mark_on_update on testimonial_submissions;
drop trigger rollup_mark_on_delete on testimonial_submissions;
drop trigger rollup_mark_on_truncate on testimonial_submissions;
drop trigger rollup_stamp_approved_at_on_insert on testimonial_submissions;
drop trigger rollup_stamp_approved_at_on_update on testimonial_submissions;

-- It is made anew over the distributed tables.
drop view testimonial_daily_analytics_exact;

-- The id of a shop says where its rows are, so it never changes.
drop trigger rollup_follow_shops_on_update on shops;
drop trigger rollup_follow_shops_on_delete on shops;
drop trigger rollup_follow_shops_on_truncate on shops;

alter table testimonial_requests drop constraint testimonial_requests_shop_id_fkey;
alter table shop_products drop constraint shop_products_shop_id_fkey;
alter table testimonial_request_events
  drop constraint testimonial_request_events_shop_id_fkey,
  drop constraint testimonial_request_events_request_id_fkey;
alter table testimonial_submissions
  drop constraint testimonial_submissions_shop_id_fkey,
  drop constraint testimonial_submissions_request_id_fkey;

alter table testimonial_requests
  drop constraint testimonial_requests_pkey,
  add constraint testimonial_requests_pkey primary key (shop_id, id);
alter table testimonial_request_events
  drop constraint testimonial_request_events_pkey,
  add constraint testimonial_request_events_pkey primary key (shop_id, id);
alter table testimonial_submissions
  drop constraint testimonial_submissions_pkey,
  add constraint testimonial_submissions_pkey primary key (shop_id, id);
alter table testimonial_daily_analytics
  drop constraint testimonial_daily_analytics_pkey,
  add constraint testimonial_daily_analytics_pkey primary key (shop_id, id);

-- Only a key with the shop in it can be unique over all shards: the app must see to it that a domain has one shop.
drop index shops_domain_key;
create index shops_domain_idx on shops (domain);

-- The app finds some rows by their id alone.
create index testimonial_requests_id_idx on testimonial_requests (id);
create index testimonial_request_events_id_idx on testimonial_request_events (id);
create index testimonial_submissions_id_idx on testimonial_submissions (id);
