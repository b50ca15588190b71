import { readFileSync } from "node:fs";
import type { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toHostCheck } from "~/services/rollup/definition/host-check-sql";
import { toInstallSql } from "~/services/rollup/definition/install-sql";
import { type Definition, sum } from "~/services/rollup/definition/rollup";
import { definition } from "~/testimonial-rollup";
import { toTestimonialPart } from "../prisma/testimonial-app";
import { openHost } from "./support/hosts";

// A generated migration begins with a check that says in a sentence each what of a host's schema does not fit.

const submissions = "testimonial_submissions";

const withSum: Definition = {
  ...definition,
  metrics: {
    ...definition.metrics,
    ratings: { column: "ratings", label: "Ratings", counts: "Stars.", from: { submitted: sum("rating") } },
  },
};

const wrong: { name: string; host: string; sentences: string[]; counted?: Definition }[] = [
  {
    name: "a missing table",
    host: "drop table testimonial_request_events",
    sentences: ["There is no table testimonial_request_events."],
  },
  {
    name: "a missing column, and another",
    host: `alter table ${submissions} drop column published_at; alter table shops drop column uninstalled_at`,
    sentences: [`${submissions} has no column published_at.`, "shops has no column uninstalled_at."],
  },
  {
    name: "keys of another type",
    host: `
      alter table testimonial_request_events drop constraint testimonial_request_events_request_id_fkey;
      alter table ${submissions} drop constraint testimonial_submissions_request_id_fkey;
      alter table testimonial_requests alter column id drop default, alter column id type uuid using id::uuid;
      alter table testimonial_request_events alter column request_id type uuid using request_id::uuid`,
    sentences: [
      'testimonial_requests.id is of type uuid, and the definition says text: state sources.requests.keyType: "uuid".',
      "testimonial_request_events.request_id is of type uuid, and holds keys of sources.requests, which the definition " +
        "says are of type text: both must be the same, as sources.requests.keyType states.",
    ],
  },
  {
    name: "a key of a type that none has",
    host: `alter table ${submissions} alter column id drop default, alter column id type numeric using 1`,
    sentences: [`${submissions}.id is of type numeric; a key is of type text, uuid, integer or bigint.`],
  },
  {
    name: "instants with a zone",
    host: "alter table testimonial_requests alter column sent_at type timestamptz",
    sentences: [
      "testimonial_requests.sent_at is of type timestamp with time zone, and the definition says timestamp without time " +
        'zone: state instants: "timestamptz", which all its instants must be of.',
    ],
  },
  {
    name: "an instant that is a date, and one that is a text",
    host: `
      alter table testimonial_requests alter column sent_at type date;
      alter table testimonial_requests alter column clicked_at type text`,
    sentences: [
      "testimonial_requests.sent_at is of type date; an instant is of type timestamp or timestamptz.",
      "testimonial_requests.clicked_at is of type text; an instant is of type timestamp or timestamptz.",
    ],
  },
  {
    name: "approved_at of another type",
    host: `alter table ${submissions} add column approved_at date`,
    sentences: [`${submissions}.approved_at is of type date; an instant is of type timestamp or timestamptz.`],
  },
  {
    name: "an enum in another case, and one without the value",
    host: `
      create type media as enum ('VIDEO', 'Photo');
      create type event as enum ('sent', 'opened');
      alter table ${submissions} drop constraint testimonial_submissions_media_type_check,
        alter column media_type drop default, alter column media_type type media using null;
      alter table testimonial_request_events drop constraint testimonial_request_events_event_type_check,
        alter column event_type type event using null`,
    sentences: [
      "testimonial_request_events.event_type has no value 'clicked'; it has 'sent', 'opened'.",
      `${submissions}.media_type has no value 'video', but 'VIDEO': write it so in the definition.`,
      `${submissions}.media_type has no value 'photo', but 'Photo': write it so in the definition.`,
    ],
  },
  {
    name: "a text that is there in another case alone",
    host: `
      alter table ${submissions} drop constraint testimonial_submissions_media_type_check;
      insert into shops (id, domain) values ('a', 'a.myshopify.com');
      insert into ${submissions} (shop_id, media_type) values ('a', 'VIDEO'), ('a', 'photo'), ('a', 'PHOTO')`,
    sentences: [`${submissions}.media_type holds no 'video', but 'VIDEO': write it so in the definition.`],
  },
  {
    name: "an index of the same name on other columns, on another table, and one that is none",
    host: `
      create index testimonial_requests_shop_id_sent_at_idx on testimonial_requests (sent_at);
      create index testimonial_requests_sent_at_shop_id_idx on shops (domain);
      create index testimonial_submissions_shop_id_submitted_at_idx on ${submissions} (shop_id, submitted_at)
        where published;
      create table testimonial_requests_shop_id_clicked_at_idx (id int)`,
    sentences: [
      "The index testimonial_requests_shop_id_sent_at_idx is on testimonial_requests (sent_at); the rollup needs an index " +
        "of that name on testimonial_requests (shop_id, sent_at): rename the one that is there.",
      "The index testimonial_requests_sent_at_shop_id_idx is on shops (domain); the rollup needs an index of that name on " +
        "testimonial_requests (sent_at, shop_id): rename the one that is there.",
      `The index testimonial_submissions_shop_id_submitted_at_idx is on ${submissions} (shop_id, submitted_at) and partial ` +
        `or invalid; the rollup needs an index of that name on ${submissions} (shop_id, submitted_at): rename the one that ` +
        "is there.",
      "testimonial_requests_shop_id_clicked_at_idx is the name of something else than an index; the rollup needs an index " +
        "of that name on testimonial_requests (shop_id, clicked_at).",
    ],
  },
  {
    name: "a sum of fractions",
    host: `alter table ${submissions} alter column rating type numeric`,
    counted: withSum,
    sentences: [`${submissions}.rating is of type numeric; a sum is of whole numbers: smallint, integer or bigint.`],
  },
];

let host: PGlite;

beforeAll(async () => {
  host = await openHost();
});
afterAll(() => host.close());

test.for(wrong)("$name", async ({ host: change, sentences, counted = definition }) => {
  await host.exec(`begin; ${change};`);
  const check = toHostCheck(counted, { isFirst: true, ...toTestimonialPart(definition).needs });
  const error = await host.exec(check).then(
    () => null,
    (thrown: Error) => thrown,
  );
  await host.exec("rollback");
  const [first, ...found] = error?.message.split("\n") ?? [];
  expect(first).toBe("The host's schema does not fit the definition of testimonial_daily_analytics:");
  expect(found.sort()).toEqual([...sentences].sort());
});

test("what fits, an index that is there already among it, is let pass", async () => {
  await host.exec(
    "begin; create index testimonial_requests_shop_id_sent_at_idx on testimonial_requests (shop_id, sent_at)",
  );
  await host.exec(toInstallSql(definition, toTestimonialPart(definition)));
  await host.exec("rollback");
});

test("the checked-in migration begins with the check of the app's definition", () => {
  const migration = readFileSync("prisma/migrations/20261122000000_daily_analytics/migration.sql", "utf8");
  const check = toHostCheck(definition, { isFirst: true, ...toTestimonialPart(definition).needs });
  expect(migration.indexOf(check)).toBeGreaterThan(0);
  expect(migration.indexOf(check)).toBeLessThan(migration.indexOf("alter table"));
});
