import type { PrismaClient } from "@prisma/client";

const dayMs = 86_400_000;

/** For each shop, day and metric a count, then an upsert, one after the other: the plan read literally. */
export async function countWithPrisma(db: PrismaClient, days: { shopId: string; date: Date }[]): Promise<void> {
  for (const { shopId, date } of days) {
    const on = { gte: date, lt: new Date(date.getTime() + dayMs) };
    const counts = {
      requestsSent: await db.testimonialRequest.count({ where: { shopId, sentAt: on } }),
      requestsClicked: await countClicked(db, shopId, on),
      submissionsCount: await db.testimonialSubmission.count({ where: { shopId, submittedAt: on } }),
      approvedCount: await db.testimonialSubmission.count({ where: { shopId, approvedAt: on } }),
      publishedCount: await db.testimonialSubmission.count({ where: { shopId, publishedAt: on } }),
      videoSubmissionsCount: await db.testimonialSubmission.count({
        where: { shopId, submittedAt: on, mediaType: "video" },
      }),
      photoSubmissionsCount: await db.testimonialSubmission.count({
        where: { shopId, submittedAt: on, mediaType: "photo" },
      }),
    };
    await db.testimonialDailyAnalytics.upsert({
      where: { shopId_date: { shopId, date } },
      create: { shopId, date, ...counts },
      update: counts,
      select: { id: true },
    });
  }
}

async function countClicked(db: PrismaClient, shopId: string, on: { gte: Date; lt: Date }): Promise<number> {
  const byTime = await db.testimonialRequest.count({ where: { shopId, clickedAt: on } });
  const byEvent = await db.testimonialRequest.count({
    where: { shopId, clickedAt: null, events: { some: { shopId, eventType: "clicked", eventAt: on } } },
  });
  return byTime + byEvent;
}
