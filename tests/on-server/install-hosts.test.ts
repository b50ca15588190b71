import { expect, test } from "vitest";
import { toInstallSql } from "~/services/rollup/definition/install-sql";
import type { Definition } from "~/services/rollup/definition/rollup";
import { listInstallSteps } from "~/services/rollup/install/plan";
import { definition } from "~/testimonial-rollup";
import { toTestimonialPart } from "../../prisma/testimonial-app";
import { adapt, type HostKind, toHostTables } from "../support/hosts";
import { describeDatabase, installOn } from "../support/live-host";
import { makeServerDatabase, type Query } from "../support/process-databases";

// Hosts whose keys and instants are of other types: slices go along their keys.

const kinds: HostKind[] = [
  { keyType: "uuid", areEnums: true },
  { keyType: "integer", instants: "timestamptz" },
  { keyType: "bigint", instants: "timestamptz" },
];

async function makeHost(kind: HostKind): Promise<{ url: string; query: Query }> {
  const host = await makeServerDatabase({ isEmpty: true });
  const video = kind.areEnums ? "VIDEO" : "video";
  await host.query(`${toHostTables(kind)};
    insert into shops (domain) select 'shop-' || n from generate_series(1, 7) n;
    insert into testimonial_requests (shop_id, sent_at)
    select s.id, timestamp '2026-05-01 23:30' + n * interval '1 day' from shops s, generate_series(1, 9) n;
    insert into testimonial_submissions (shop_id, media_type, status, submitted_at, updated_at)
    select s.id, '${video}', 'approved', t.at, t.at from shops s, generate_series(1, 40) n
    cross join lateral (select timestamp '2026-05-03' + n * interval '7 hours' as at) t`);
  return host;
}

test.for(kinds)("a host with %j is left by the install as by the migration", async (kind) => {
  const counted: Definition = adapt(definition, kind);
  const app = toTestimonialPart(counted);
  const [host, twin] = [await makeHost(kind), await makeHost(kind)];
  await twin.query(toInstallSql(counted, app));
  const migration = { name: "analytics", text: "" };
  const steps = listInstallSteps(counted, app, { rows: 20, shops: 2 });
  await installOn(host.url, { installed: { definition: counted, app, steps, migration } });
  expect(await describeDatabase(host.query)).toEqual(await describeDatabase(twin.query));
  const days = `
    select s.domain, v.date::text, v.requests_sent, v.approved_count, v.video_submissions_count
    from testimonial_daily_analytics_exact v join shops s on s.id = v.shop_id order by 1, 2`;
  const rows = await host.query(days);
  expect(rows.length).toBeGreaterThan(7 * 12);
  expect(rows).toEqual(await twin.query(days));
});
