-- What a testimonial app has before it takes the daily analytics: sessions, shops and the three source tables.
-- Every timestamp is timestamp(3) and holds UTC, whatever the time zone of the database or the session.

create table "Session" (
  "id" text not null,
  "shop" text not null,
  "state" text not null,
  "isOnline" boolean not null default false,
  "scope" text,
  "expires" timestamp(3),
  "accessToken" text not null,
  "userId" bigint,
  "firstName" text,
  "lastName" text,
  "email" text,
  "accountOwner" boolean not null default false,
  "locale" text,
  "collaborator" boolean default false,
  "emailVerified" boolean default false,
  "refreshToken" text,
  "refreshTokenExpires" timestamp(3),
  constraint "Session_pkey" primary key ("id")
);

create table shops (
  id text not null default gen_random_uuid()::text,
  domain text not null,
  installed_at timestamp(3) default timezone('utc', now()),
  uninstalled_at timestamp(3),
  constraint shops_pkey primary key (id)
);

create unique index shops_domain_key on shops (domain);

create table testimonial_requests (
  id text not null default gen_random_uuid()::text,
  shop_id text not null,
  status text not null default 'scheduled'
    constraint testimonial_requests_status_check
    check (status in ('scheduled', 'sent', 'clicked', 'submitted', 'expired', 'failed')),
  sent_at timestamp(3),
  clicked_at timestamp(3),
  submitted_at timestamp(3),
  shopify_product_id text,
  customer_email text,
  created_at timestamp(3) not null default timezone('utc', now()),
  updated_at timestamp(3) not null default timezone('utc', now()),
  constraint testimonial_requests_pkey primary key (id),
  constraint testimonial_requests_shop_id_fkey foreign key (shop_id)
    references shops (id) on delete cascade on update cascade
);

create table testimonial_request_events (
  id text not null default gen_random_uuid()::text,
  shop_id text not null,
  request_id text not null,
  event_type text not null
    constraint testimonial_request_events_event_type_check
    check (event_type in ('queued', 'sent', 'delivered', 'opened', 'clicked', 'failed')),
  event_at timestamp(3) not null default timezone('utc', now()),
  constraint testimonial_request_events_pkey primary key (id),
  constraint testimonial_request_events_shop_id_fkey foreign key (shop_id)
    references shops (id) on delete cascade on update cascade,
  constraint testimonial_request_events_request_id_fkey foreign key (request_id)
    references testimonial_requests (id) on delete cascade on update cascade
);

create index testimonial_request_events_request_id_idx on testimonial_request_events (request_id);

create table testimonial_submissions (
  id text not null default gen_random_uuid()::text,
  shop_id text not null,
  request_id text,
  status text not null default 'pending'
    constraint testimonial_submissions_status_check
    check (status in ('pending', 'approved', 'rejected', 'archived')),
  media_type text not null default 'text'
    constraint testimonial_submissions_media_type_check
    check (media_type in ('video', 'photo', 'text')),
  rating integer,
  headline text,
  review_text text,
  display_name text,
  shopify_product_id text,
  published boolean not null default false,
  submitted_at timestamp(3),
  published_at timestamp(3),
  created_at timestamp(3) not null default timezone('utc', now()),
  updated_at timestamp(3) not null default timezone('utc', now()),
  constraint testimonial_submissions_pkey primary key (id),
  constraint testimonial_submissions_shop_id_fkey foreign key (shop_id)
    references shops (id) on delete cascade on update cascade,
  constraint testimonial_submissions_request_id_fkey foreign key (request_id)
    references testimonial_requests (id) on delete set null on update cascade
);

create index testimonial_submissions_request_id_idx on testimonial_submissions (request_id);
