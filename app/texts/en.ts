import {
  type CohortName,
  cohortMetrics,
  cohortNames,
  type MetricName,
  metricNames,
  metrics,
} from "~/testimonial-rollup";
import { makePlural } from "./plural";

// Grouped by the part of the page that says it. An entry is a text, or a function of what is put in: strings that are
// ready to be read, and before one of them its number, where a plural depends on it.

const plural = makePlural("en");

export const en = {
  /** The pages, with what a shop without data is promised of them. */
  dashboard: {
    title: "Dashboard",
    introduction: [
      "Requests sent and the click rate: with the first request that goes out.",
      "The submission rate and your top products: with the first testimonial that a customer writes.",
      "The approval rate and published testimonials: as soon as you decide on it.",
    ],
    cardsAsTable: "The cards as a table",
  },
  analytics: {
    title: "Analytics",
    introduction: [
      "The funnel from sent to published: with the first request that goes out.",
      "The trend and the table by day: on the UTC day that something happens.",
      "Video against photo: with the first testimonial that a customer submits.",
    ],
  },
  testimonials: {
    title: "Testimonials",
    placeholder:
      "This is where your testimonial app shows its testimonials and lets you approve or reject them. The analytics come without that screen.",
    lists: {
      pending: "The testimonials that wait for moderation.",
      longWaiting: "The testimonials that have waited longest.",
      lowRated: "The testimonials with 1 or 2 stars that wait for moderation.",
      requests: "The requests that were sent.",
      send: "The form to send requests with.",
    },
  },
  introduction: {
    title: "Your numbers will be here",
    text: "Nothing has been sent or submitted yet. There is nothing to switch on: each number is here as soon as it happens.",
    start: "Send your first request",
  },

  /** What is counted. The definition of the metrics has the English words for them. */
  metrics: Object.fromEntries(
    metricNames.map((name) => [name, { label: metrics[name].label, says: metrics[name].counts }]),
  ) as Record<MetricName, { label: string; says: string }>,
  cohorts: Object.fromEntries(
    cohortNames.map((name) => [name, { label: cohortMetrics[name].label, says: cohortMetrics[name].counts }]),
  ) as Record<CohortName, { label: string; says: string }>,
  figures: {
    clickRate: {
      label: "Click rate",
      says: "Of the requests sent on the UTC days shown, the share clicked until now, whenever that was.",
    },
    submissionRate: {
      label: "Submission rate",
      says: "Of the requests sent on the UTC days shown, the share answered by a testimonial until now, whenever that was.",
    },
    approvalRate: {
      label: "Approval rate",
      says: "Of the testimonials submitted on the UTC days shown, the share approved until now, whenever that was.",
    },
    publishedTestimonials: "Published testimonials",
  },
  definitions: { title: "What is counted, and on which day" },
  rates: { title: "Rates" },

  /** The change against the days before. */
  change: {
    none: "No change",
    nothing: "Nothing to compare with",
    /** Of requests or testimonials of which most are still to be answered. */
    stillOpen: (count: number, days: string) =>
      `Still open: most answers come within ${plural(count, { one: "a day", other: `${days} days` })}`,
    ofFirst: (change: string, count: number, days: string) =>
      `${change} in the ${plural(count, { one: "first day", other: `first ${days} days` })}`,
    before: (value: string) => `${value} before`,
    /** Of a rate before, where there was nothing to divide by. */
    noneBefore: "None before",
    few: (count: string, whole: string) => `${count} of ${whole}`,
    up: (size: string) => `Up ${size}`,
    down: (size: string) => `Down ${size}`,
    points: (size: string) => `${size} points`,
    lessThan: (size: string) => `less than ${size}`,
  },

  /** The choice of the days shown. */
  range: {
    label: "Days shown",
    days: (count: number, days: string) => plural(count, { one: `${days} day`, other: `${days} days` }),
    today: "Today",
    yesterday: "Yesterday",
    months: "12 months",
    all: "All",
    custom: "Custom",
    compareLabel: "Compared with",
    previous: "Days before",
    year: "Year before",
    from: "From",
    to: "To",
    apply: "Apply",
    compared: (shown: string, before: string) => `${shown}, compared with ${before}`,
    soFar: (shown: string) => `${shown}, so far`,
    wholeCompared: (shown: string, whole: string, before: string) =>
      `${shown}, so far. Whole days are compared: ${whole} with ${before}`,
    loading: "Loading the numbers",
    showing: (range: string) => `Showing ${range}`,
    issue: (field: string, message: string) => `${field}: ${message}`,
    noSuchRange: (days: string) => `This address names no range that there is. The last ${days} days are shown.`,
    missing: "Choose a day.",
    notBegun: (today: string) => `Choose a day up to today, ${today} in UTC.`,
    noDay: (first: string, today: string) => `Choose a day between ${first} and today, ${today}.`,
    beforeFrom: (from: string) => `Choose ${from} or a later day.`,
    tooLong: (latest: string) => `At most 5 years can be shown: choose a day up to ${latest}.`,
  },

  /** What has happened today, above the choice of days. */
  today: {
    title: "Today so far",
    sent: (count: number, value: string) =>
      plural(count, { one: `${value} request sent`, other: `${value} requests sent` }),
    clicked: (value: string) => `${value} clicked`,
    submitted: (count: number, value: string) =>
      plural(count, { one: `${value} testimonial`, other: `${value} testimonials` }),
    published: (value: string) => `${value} published`,
  },

  /** How fresh the numbers are, below the title. */
  freshness: {
    daysAreUtc: "Days are UTC.",
    upToDate: (clock: string) => `Up to date as of ${clock}.`,
    recounted: (count: number, days: string, clock: string) =>
      plural(count, {
        one: `${days} day is being recounted; the numbers already include it, as of ${clock}.`,
        other: `${days} days are being recounted; the numbers already include them, as of ${clock}.`,
      }),
    sealed: (day: string) => `Days before ${day} are sealed: their numbers no longer change.`,
  },

  /** A load that failed. */
  failure: {
    outlook: "Nothing is lost, and this page keeps trying.",
    notRefreshed: "Could not refresh",
    notRefreshedSince: (instant: string) => `Could not refresh; numbers as of ${instant}`,
    numbersOf: (range: string) => `They are of ${range}.`,
    notRead: "The numbers could not be read",
    safe: "They are counted from your testimonials, which are safe.",
    otherDaysNotLoaded: "The days you chose could not be loaded",
    stillShown: (range: string, instant: string) => `Below are still the numbers of ${range}, as of ${instant}.`,
    retry: "Try again",
    retrying: "Trying again…",
    pageNotShown: "This page could not be shown",
    retrySoon: "Nothing is lost. Try again in a moment.",
  },
  error: {
    title: "Something went wrong",
    ours: "It is on our side. Please try again in a moment.",
    retrySoon: "Please try again in a moment.",
    noSuchPage: "There is no such page.",
  },

  /** What waits for the merchant, above all numbers of the dashboard. */
  next: {
    title: "What to do next",
    waiting: (count: number, testimonials: string) =>
      plural(count, {
        one: `${testimonials} testimonial waits for moderation.`,
        other: `${testimonials} testimonials wait for moderation.`,
      }),
    moderate: "Moderate",
    longWaiting: (count: number, testimonials: string, days: string) =>
      plural(count, {
        one: `${testimonials} testimonial has waited for more than ${days} days.`,
        other: `${testimonials} testimonials have waited for more than ${days} days.`,
      }),
    seeLongWaiting: "See the oldest",
    lowRated: (count: number, testimonials: string) =>
      plural(count, {
        one: `${testimonials} waiting testimonial has 1 or 2 stars.`,
        other: `${testimonials} waiting testimonials have 1 or 2 stars.`,
      }),
    seeLowRated: "See low ratings",
    fell: {
      requestsSent: (recent: string, usual: string) =>
        `Fewer requests sent: ${recent} in the last 7 days, after ${usual} a week in the 4 weeks before.`,
      requestsClicked: (recent: string, usual: string) =>
        `Fewer requests clicked: ${recent} in the last 7 days, after ${usual} a week in the 4 weeks before.`,
    },
    seeRequests: "See requests",
    /** Of what was not counted to its end. */
    atLeast: (count: string) => `${count}+`,
  },

  /** The cards of the dashboard. */
  latest: {
    title: "Latest testimonials",
    empty: "No customer has written one yet.",
    noHeadline: "No headline",
    stars: (rating: string, most: string) => `${rating} of ${most} stars`,
    statuses: { pending: "Pending", approved: "Approved", rejected: "Rejected", archived: "Archived" },
    mediaTypes: { video: "Video", photo: "Photo", text: "Text" },
  },
  topProducts: {
    title: "Top products",
    note: "By testimonials submitted in these days.",
    empty: "No testimonials of a product in these days.",
    product: (number: string) => `Product ${number}`,
    deleted: "Deleted",
    heading: "Product",
    productId: "Product ID",
    count: "Testimonials",
  },

  /** One product alone. */
  product: {
    only: "Only requests and testimonials of",
    all: "All products",
    note: "Counted live, from the requests and testimonials that are kept.",
  },

  /** The cards of the analytics. */
  funnel: {
    title: "From request to published testimonial",
    stage: "Stage",
    count: "Count",
    ofFirst: "Of first",
    ofPrevious: "Of stage before",
    ofSent: "Requests sent in these days",
    ofSubmitted: "Testimonials submitted in these days",
    note: "Each stage counts what has become of them until now, on whatever day that was.",
    stillOpen: (count: number, days: string) =>
      `The latest are still open: most answers come within ${plural(count, { one: "a day", other: `${days} days` })}.`,
    stages: {
      sent: "Sent",
      opened: "Opened",
      clicked: "Clicked",
      answered: "Submitted",
      submitted: "Submitted",
      approved: "Approved",
      published: "Published",
    },
  },
  media: {
    title: "Video and photo",
    testimonialsWith: "Testimonials with",
    count: "Count",
    share: "Share",
    video: "Video",
    photo: "Photo",
    text: "Text",
  },
  ratings: {
    title: "Ratings",
    average: (average: string, most: string) => `${average} of ${most}`,
    of: (count: number, ratings: string) =>
      plural(count, {
        one: `From ${ratings} rating of testimonials submitted in these days.`,
        other: `From ${ratings} ratings of testimonials submitted in these days.`,
      }),
    unrated: (count: number, testimonials: string) =>
      plural(count, {
        one: `${testimonials} testimonial came without a rating.`,
        other: `${testimonials} testimonials came without a rating.`,
      }),
    none: "No testimonial of these days has a rating.",
    rating: "Rating",
    count: "Count",
    share: "Share",
    stars: (count: number, stars: string) => plural(count, { one: `${stars} star`, other: `${stars} stars` }),
  },
  times: {
    title: "Typical times",
    note: "Medians of the testimonials submitted in these days, counted live.",
    noteOfLatest: (looked: string, all: string) =>
      `Medians of the latest ${looked} of ${all} testimonials submitted in these days, counted live.`,
    untilSubmitted: "From request sent to testimonial",
    untilApproved: "From testimonial to approval",
    none: "None in these days",
    ofFew: (count: number, testimonials: string) =>
      plural(count, { one: `Of ${testimonials} testimonial`, other: `Of ${testimonials} testimonials` }),
  },
  lostRequests: {
    title: "Failed and expired requests",
    note: "By the day they were sent or, where they never went out, created. Counted live from the requests that are kept.",
    failed: "Failed",
    expired: "Expired",
  },
  trend: {
    title: { day: "Trend by day", week: "Trend by week" },
    show: "Show",
    line: {
      day: (label: string) => `${label} by day`,
      week: (label: string) => `${label} by week`,
    },
    slider: (line: string) => `${line}: move with the arrow keys`,
    asTable: "The same as a table",
    point: (days: string, value: string) => `${days}: ${value}`,
    soFar: (days: string) => `${days}, so far`,
    stillOpen: (days: string) => `${days}, still open`,
    noValue: "none",
    before: (value: string, days: string) => `before: ${value}, ${days}`,
    pointBefore: (point: string, value: string, days: string) => `${point}; before: ${value}, ${days}`,
    theseDays: "These days",
    dayBefore: "Day compared with",
    figureBefore: (label: string) => `${label} before`,
  },
  daily: {
    title: "By day",
    label: "Counts by day",
    fileName: (from: string, to: string) => `testimonials-by-day_${from}_${to}.csv`,
    rows: (first: string, last: string, count: number, all: string) =>
      `${first} to ${last} of ${plural(count, { one: `${all} day`, other: `${all} days` })}`,
    pages: "Pages of days",
    loading: "Loading the days",
    failed: "The days could not be loaded. Try again.",
  },
  tables: { day: "Day (UTC)", days: "Days (UTC)", total: "Total" },

  /** A page on paper. */
  print: {
    action: "Print",
    asOf: (day: string, clock: string) => `Numbers as of ${day}, ${clock}.`,
  },

  /** The tables as files. */
  files: {
    download: "Download CSV",
    from: "From (UTC)",
    to: "To (UTC)",
    fromBefore: "Compared with, from",
    toBefore: "Compared with, to",
  },
};
