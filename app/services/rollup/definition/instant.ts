import type { InstantType } from "./rollup";

// The UTC day of an instant, whatever the time zone of the session. A timestamp without a zone holds UTC; of one with a
// zone the session's would be taken, were it not said.

/** The UTC day of an instant: of type date. */
export function toDaySql(type: InstantType, instant: string): string {
  return type === "timestamp" ? `${instant}::date` : `(${instant} at time zone 'UTC')::date`;
}

/** The first instant of a UTC day, in the instants' own type, so that an index on them serves. */
export function toStartSql(type: InstantType, day: string): string {
  return type === "timestamp" ? day : `((${day})::timestamp at time zone 'UTC')`;
}
