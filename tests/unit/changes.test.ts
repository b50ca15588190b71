import { describe, expect, test } from "vitest";
import { type Compared, toChange } from "~/report/figure";
import { type Figure, listRates, listTrendFigures } from "~/report/figures";
import { english } from "~/texts/locale";
import { compare, sumsOf } from "../support/report-numbers";

// The change of a figure against the days before, as the cards say it.

const [sent] = listTrendFigures(english) as [Figure];
const [clickRate, , approvalRate] = listRates(english) as [Figure, Figure, Figure];

function rate(sentClicked: number, requestsSent: number) {
  return { sentClicked, requestsSent };
}

describe("a change in words", () => {
  test.each([
    [sent, { requestsSent: 112 }, { requestsSent: 100 }, "up", "Up 12.0%"],
    [sent, { requestsSent: 50 }, { requestsSent: 100 }, "down", "Down 50.0%"],
    [sent, { requestsSent: 100 }, { requestsSent: 100 }, "level", "No change"],
    [sent, {}, { requestsSent: 100 }, "down", "Down 100.0%"],
    [sent, { requestsSent: 10_001 }, { requestsSent: 10_000 }, "up", "Up less than 0.1%"],
    [clickRate, rate(31, 100), rate(30, 100), "up", "Up 1.0 points"],
    [clickRate, rate(25, 100), rate(50, 100), "down", "Down 25.0 points"],
    [clickRate, rate(0, 100), rate(0, 90), "level", "No change"],
    [clickRate, rate(2_001, 10_000), rate(2_000, 10_000), "up", "Up less than 0.1 points"],
  ] as const)("is of a count in percent, and of a rate in points (%#)", (figure, now, before, direction, text) => {
    expect(toChange(english, figure, compare(now, before))).toEqual({ direction, text });
  });

  test.each([
    // A count: what was before, whatever is now.
    [sent, { requestsSent: 4_000 }, { requestsSent: 19 }, "19 before"],
    [sent, { requestsSent: 1 }, { requestsSent: 0 }, "0 before"],
    [sent, {}, {}, "0 before"],
    // A rate: what it divides by, on either side.
    [clickRate, rate(5, 19), rate(50, 100), "50.0% before"],
    [clickRate, rate(50, 100), rate(1, 5), "1 of 5 before"],
    [clickRate, rate(50, 100), rate(19, 19), "19 of 19 before"],
    [clickRate, rate(50, 100), rate(0, 0), "None before"],
    [clickRate, rate(0, 0), rate(0, 0), "None before"],
    [approvalRate, { submissionsCount: 3, submittedApproved: 3 }, { submissionsCount: 2 }, "0 of 2 before"],
  ] as const)("is left away of a base under 20, for what was before (%#)", (figure, now, before, text) => {
    expect(toChange(english, figure, compare(now, before))).toEqual({ direction: "none", text });
  });

  test("is one from a base of 20 on", () => {
    expect(toChange(english, sent, compare({ requestsSent: 5 }, { requestsSent: 20 })).text).toBe("Down 75.0%");
    expect(toChange(english, clickRate, compare(rate(1, 20), rate(2, 20))).text).toBe("Down 5.0 points");
  });
});

describe("where answers are awaited the change of a rate", () => {
  const whole = { days: 30, now: sumsOf({ requestsSent: 300 }), before: sumsOf({ requestsSent: 200 }) };
  const ripening = { sent: 9, submitted: 1 };

  function cut(days: number | null): Compared {
    const sent = days && { days, now: sumsOf(rate(31, 100)), before: sumsOf(rate(30, 100)) };
    return { compared: { events: whole, sent: sent || null, submitted: null }, ripening };
  }

  test("is of the first days, and says of how many", () => {
    expect(toChange(english, clickRate, cut(21))).toEqual({
      direction: "up",
      text: "Up 1.0 points in the first 21 days",
    });
    expect(toChange(english, clickRate, cut(1)).text).toBe("Up 1.0 points in the first day");
    expect(toChange(english, clickRate, cut(30)).text).toBe("Up 1.0 points");
    expect(toChange(english, sent, cut(21)).text).toBe("Up 50.0%");
  });

  test("gives way to how long answers take where no day has most of them", () => {
    const none = (figure: Figure) => toChange(english, figure, cut(null));
    expect(none(clickRate)).toEqual({
      direction: "none",
      text: "Still open: most answers come within 9 days",
    });
    expect(none(approvalRate).text).toBe("Still open: most answers come within a day");
  });

  test("says so where no day is over, or there is nothing to compare with", () => {
    const nothing = { compared: { events: null, sent: null, submitted: null }, ripening };
    for (const figure of [sent, clickRate, approvalRate]) {
      expect(toChange(english, figure, nothing)).toEqual({ direction: "none", text: "Nothing to compare with" });
    }
  });
});
