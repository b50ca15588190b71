import { toCohortMetrics, toMetrics } from "./metric-text";
import { getApprovedColumn, type Proposal, type ProposedSource } from "./propose";

/** The definition that a proposal comes to, as the app's own file. */
export function toDefinitionText(proposal: Proposal): string {
  const { tenants, instants, requests, events, submissions } = proposal;
  const stamp = toStampText(proposal);
  const metrics = [...toMetrics(proposal), ...toCohortMetrics(proposal)].map(({ text }) => text).join("\n");
  const engine = "./services/rollup/definition";
  const imports = [
    stamp ? `import type { AppPart } from "${engine}/app-part";` : "",
    `import { ${["count", "countDistinct", "defineRollup", "sum"].filter((name) => name === "defineRollup" || metrics.includes(`${name}(`)).join(", ")} } from "${engine}/rollup";`,
    stamp ? `import { toStampPart } from "${engine}/stamp-part";` : "",
  ];
  return `${imports.filter(Boolean).join("\n")}

/**
 * What is counted, and from where: tables and columns by their names in the database. The migration, the triggers, the
 * counts and the answers follow from it. Values are additive: a range is the sum of its days, which are UTC.
 */
export const definition = defineRollup({
  table: "testimonial_daily_analytics",
  ${toShopsText(proposal)}
  instants: "${instants}",
  sources: {
${requests ? `    requests: ${toSourceText(requests)},\n` : ""}${events ? `    request_events: ${toSourceText(events, `parent: { source: "requests", column: "${events.parent}" }`)},\n` : ""}    submissions: ${toSourceText(submissions)},
  },
  scans: {
${toScans(proposal)
  .map((line) => `    ${line},`)
  .join("\n")}
  },
${toFilterText(proposal)}  metrics: {
${toMetrics(proposal)
  .map(({ text }) => text)
  .join("\n")}
  },
  cohortMetrics: {
${toCohortMetrics(proposal)
  .map(({ text }) => text)
  .join("\n")}
  },
});
${stamp}`.replace(
    "shops: {",
    tenants.isOwn
      ? "// The app has no table with a row for each shop, so the migration makes one, which the database itself keeps.\n  shops: {"
      : "shops: {",
  );
}

function toShopsText({ tenants: { table, key, keyType, uninstalled } }: Proposal): string {
  const installed = uninstalled ? `{ ${uninstalled}: null }` : "{}";
  return `shops: { table: "${table}", key: "${key}"${toKeyTypeText(keyType)}, installed: ${installed} },`;
}

function toKeyTypeText(keyType: string): string {
  return keyType === "text" ? "" : `, keyType: "${keyType}"`;
}

function toSourceText({ table, key, keyType, shop }: ProposedSource, ...more: string[]): string {
  const parts = [`table: "${table}"`, `key: "${key}"${toKeyTypeText(keyType)}`, `shop: "${shop}"`, ...more];
  const line = `{ ${parts.join(", ")} }`;
  return line.length < 95 ? line : `{\n${parts.map((part) => `      ${part},\n`).join("")}    }`;
}

function toScans({ requests, events, submissions }: Proposal): string[] {
  const scan = (name: string, source: string, at: string, ...more: string[]) =>
    `${name}: { ${[`source: "${source}"`, `at: "${at}"`, ...more].join(", ")} }`;
  const clicks = requests && events?.clicked != null ? events : null;
  return [
    requests ? scan("sent", "requests", requests.sent) : "",
    requests?.clicked ? scan("clicked", "requests", requests.clicked) : "",
    clicks
      ? scan(
          "clickEvents",
          "request_events",
          clicks.at,
          `where: { ${clicks.type}: ${JSON.stringify(clicks.clicked)} }`,
          ...(requests?.clicked ? [`parent: { ${requests.clicked}: null }`] : []),
        )
      : "",
    scan("submitted", "submissions", submissions.submitted),
    getApprovedColumn(submissions) ? scan("approved", "submissions", getApprovedColumn(submissions) ?? "") : "",
    submissions.published ? scan("published", "submissions", submissions.published) : "",
  ].filter(Boolean);
}

function toFilterText({ requests, submissions }: Proposal): string {
  if (!submissions.product || (requests && !requests.product)) return "";
  const parts = [requests ? `requests: "${requests.product}"` : "", `submissions: "${submissions.product}"`];
  return `  filters: { product: { ${parts.filter(Boolean).join(", ")} } },\n`;
}

/** Keeps the instant of an approval, where the app's own code may leave it empty. */
function toStampText({ submissions }: Proposal): string {
  const { table, status, published, submitted, updated } = submissions;
  const column = getApprovedColumn(submissions);
  if (!column || status?.approved == null) return "";
  const list = (names: (string | null)[]) =>
    JSON.stringify(names.filter((name) => name !== null)).replaceAll(",", ", ");
  return `
/** What the first migration does beside: \`${column}\` for what is approved already, and a stamp when a row gets there. */
export const appPart: AppPart = toStampPart(definition, {
  table: "${table}",
  column: "${column}",
  status: { column: "${status.column}", value: ${JSON.stringify(status.approved)} },
  known: { whenFilled: ${list([published, updated ?? submitted])}, whenInserted: ${list([published, submitted])} },
});
`;
}
