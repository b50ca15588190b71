import type { ModelEvent, ModelRequest, ModelSubmission, World } from "./world";
import { getRequest, getShop } from "./world";

/** The three source tables, as steps name them. */
export type SourceName = "requests" | "events" | "submissions";

export const tables: Record<SourceName, string> = {
  requests: "testimonial_requests",
  events: "testimonial_request_events",
  submissions: "testimonial_submissions",
};

/** The instants that a row is counted by: in the model, and in its table. */
export const instantColumns = {
  requests: [
    ["sentAt", "sent_at"],
    ["clickedAt", "clicked_at"],
    ["submittedAt", "submitted_at"],
  ],
  events: [["at", "event_at"]],
  submissions: [
    ["submittedAt", "submitted_at"],
    ["approvedAt", "approved_at"],
    ["publishedAt", "published_at"],
  ],
} as const;

/** A row to insert, with its instants as the writer sends them. */
export type NewRow =
  | { table: "requests"; row: ModelRequest }
  | { table: "events"; row: ModelEvent }
  | { table: "submissions"; row: ModelSubmission };

/** The columns of a new row with their texts. */
export function toColumns(world: World, { table, row }: NewRow): Record<string, string | null> {
  const common = { id: row.id, shop_id: getShop(world, row.shop).id };
  if (table === "requests") {
    const { sentAt, clickedAt, submittedAt, email } = row;
    return { ...common, sent_at: sentAt, clicked_at: clickedAt, submitted_at: submittedAt, customer_email: email };
  }
  const request_id = row.request === null ? null : getRequest(world, row.request).id;
  if (table === "events") return { ...common, request_id, event_type: row.type, event_at: row.at };
  return {
    ...common,
    request_id,
    status: row.status,
    media_type: row.media,
    rating: row.rating === null ? null : String(row.rating),
    submitted_at: row.submittedAt,
    approved_at: row.approvedAt,
    published_at: row.publishedAt,
  };
}

/** A value as SQL text. The values of histories are plain words and instants. */
function toLiteral(value: string | null): string {
  return value === null ? "null" : `'${value}'`;
}

/** One insert of rows of one table. */
export function toInsert(table: SourceName, rows: Record<string, string | null>[]): string {
  const [first = {}] = rows;
  const lines = rows.map((row) => `(${Object.values(row).map(toLiteral).join(", ")})`);
  return `insert into ${tables[table]} (${Object.keys(first).join(", ")}) values ${lines.join(", ")}`;
}

/** An update of one row. */
export function toUpdate(table: SourceName, id: string, values: Record<string, string | null>): string {
  const changes = Object.entries(values).map(([column, value]) => `${column} = ${toLiteral(value)}`);
  return `update ${tables[table]} set ${changes.join(", ")} where id = '${id}'`;
}
