-- Webhooks of Shopify: what has been handled, and a register of the requests that its privacy topics make.
-- These belong to the app around the daily analytics. A host app with a register of its own needs neither.

create table handled_webhooks (
  shop_domain text not null,
  topic text not null,
  webhook_id text not null,
  handled_at timestamp(3) not null default timezone('utc', now()),
  constraint handled_webhooks_pkey primary key (shop_domain, topic, webhook_id)
);

create index handled_webhooks_handled_at_idx on handled_webhooks (handled_at);

-- No foreign key to shops: a row proves an erasure, so it stays when the shop goes. It holds no personal data.
create table privacy_requests (
  id text not null default gen_random_uuid()::text,
  topic text not null
    constraint privacy_requests_topic_check
    check (topic in ('customers/data_request', 'customers/redact', 'shop/redact')),
  shop_domain text not null,
  webhook_id text not null,
  data_request_id text,
  triggered_at timestamp(3),
  received_at timestamp(3) not null default timezone('utc', now()),
  due_at timestamp(3) not null default (timezone('utc', now()) + interval '30 days'),
  outcome text not null
    constraint privacy_requests_outcome_check
    check (outcome in ('pending', 'done', 'nothing_found', 'ignored_as_old')),
  row_counts jsonb not null default '{}',
  request_ids text[] default array[]::text[],
  alert_at timestamp(3) default timezone('utc', now()),
  handled_at timestamp(3),
  constraint privacy_requests_pkey primary key (id)
);

create index privacy_requests_outcome_received_at_idx on privacy_requests (outcome, received_at);
create index privacy_requests_shop_domain_received_at_idx on privacy_requests (shop_domain, received_at);
