import { Gauge, type Registry } from "prom-client";
import type { Engine } from "../engine.server";
import { shareLook } from "../health/look.server";
import type { Rollup } from "../index";
import { healthGauges } from "./health-gauge-list.server";

/** What the gauges need of a rollup, whatever its metrics are called. */
export type Watched = Pick<Rollup, "engine">;

/**
 * Gauges that are read with each scrape, from the same look as the health check: however many scrape, the database is asked
 * once a second, and one that is away fails no scrape.
 */
export function makeHealthGauges({ register, prefix }: { register: Registry; prefix: string }): {
  watch: (rollup: Watched) => void;
} {
  const engines = new Map<string, Engine>();
  for (const { name, help, labels = [], read } of healthGauges) {
    new Gauge({
      name: `${prefix}${name}`,
      help,
      labelNames: ["rollup", ...labels],
      registers: [register],
      async collect() {
        const looks = await Promise.all(
          [...engines.values()].map(async (engine) => ({ engine, look: await shareLook(engine) })),
        );
        // Without a wait in between, which another scrape's reset could fall into.
        this.reset();
        for (const { engine, look } of looks) {
          for (const sample of read(look, engine)) this.set({ ...sample.labels, rollup: engine.name }, sample.value);
        }
      },
    });
  }
  return { watch: ({ engine }) => void engines.set(engine.name, engine) };
}
