import { refuse, requireMethod } from "./answer.server";
import { requireBearer } from "./bearer.server";
import type { HandlerContext } from "./handlers.server";

/** What is scraped: a registry of prom-client is one. */
export type ScrapedMetrics = { contentType: string; metrics: () => Promise<string> };

export function makeMetricsHandlers({ metrics, cronSecret, answerSafely }: HandlerContext) {
  return {
    /** GET by Prometheus, with the cron secret: all metrics of this process. Answered while the database is away, too. */
    metrics(request: Request): Promise<Response> {
      return answerSafely(async () => {
        requireMethod(request, "GET", "HEAD");
        requireBearer(request, "CRON_SECRET", cronSecret);
        if (!metrics) throw refuse(404, "no_metrics", "This server keeps no metrics.");
        return new Response(await metrics.metrics(), {
          headers: { "Content-Type": metrics.contentType, "Cache-Control": "no-store" },
        });
      });
    },
  };
}
