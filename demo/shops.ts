import { historyDays } from "./period";

/** A campaign multiplies what a shop sends on `days` days from `daysAgo` on; with a factor below 1 it is a lull. */
type Campaign = { daysAgo: number; days: number; factor: number };

/** What a shop of the demo is like; its history follows from this and from nothing else. */
export type ShopPlan = {
  domain: string;
  /** Requests over the whole history. */
  requests: number;
  /** Days since the app was installed. */
  ageDays: number;
  /** How many times as much the shop sends after a year. */
  growthPerYear: number;
  /** What it sends on a day, Sunday first, against an average of about 1. */
  weekdays: readonly [number, number, number, number, number, number, number];
  campaign?: Campaign;
  clickRate: number;
  /** Of those who clicked. */
  submitRate: number;
  media: { video: number; photo: number; text: number };
  /** Its testimonials are approved when they are submitted, so that none ever waits. */
  approvesByItself?: boolean;
  products: readonly [string, ...string[]];
};

const officeWeek = [0.45, 1.2, 1.25, 1.2, 1.15, 1.05, 0.7] as const;
const weekendShop = [1.45, 0.75, 0.75, 0.85, 0.95, 1.15, 1.6] as const;
const evenWeek = [0.95, 1, 1.05, 1, 1, 1.05, 0.95] as const;

/** The shop that the demo looks at closely: the one with 100,000 requests. */
export const mainShop: ShopPlan = {
  domain: "northwind-candles.myshopify.com",
  requests: 100_000,
  ageDays: historyDays,
  growthPerYear: 2.2,
  weekdays: officeWeek,
  campaign: { daysAgo: 341, days: 6, factor: 3.5 },
  clickRate: 0.27,
  submitRate: 0.42,
  media: { video: 2, photo: 5, text: 6 },
  products: ["Cedar Candle", "Fig Candle", "Winter Trio", "Wick Trimmer", "Sea Salt Candle", "Travel Tin"],
};

export const shops: readonly ShopPlan[] = [
  mainShop,
  {
    domain: "harbor-and-pine.myshopify.com",
    requests: 14_000,
    ageDays: historyDays,
    growthPerYear: 1.4,
    weekdays: weekendShop,
    campaign: { daysAgo: 62, days: 4, factor: 5 },
    clickRate: 0.24,
    submitRate: 0.36,
    media: { video: 3, photo: 7, text: 4 },
    products: ["Linen Throw", "Oak Stool", "Wool Blanket", "Pine Shelf", "Enamel Mug"],
  },
  {
    domain: "bluebird-ceramics.myshopify.com",
    requests: 5_200,
    ageDays: historyDays,
    growthPerYear: 1.1,
    weekdays: evenWeek,
    // Something keeps its mail back, and nobody has noticed.
    campaign: { daysAgo: 8, days: 9, factor: 0.3 },
    clickRate: 0.33,
    submitRate: 0.5,
    media: { video: 1, photo: 8, text: 4 },
    products: ["Ramen Bowl", "Speckled Plate", "Espresso Cup", "Bud Vase"],
  },
  {
    domain: "juniper-skincare.myshopify.com",
    requests: 2_600,
    ageDays: historyDays,
    growthPerYear: 3,
    weekdays: evenWeek,
    campaign: { daysAgo: 120, days: 10, factor: 4 },
    approvesByItself: true,
    clickRate: 0.3,
    submitRate: 0.4,
    media: { video: 6, photo: 4, text: 3 },
    products: ["Night Balm", "Rose Toner", "Clay Mask", "Hand Cream"],
  },
  {
    domain: "old-mill-coffee.myshopify.com",
    requests: 900,
    ageDays: historyDays,
    growthPerYear: 0.6,
    weekdays: officeWeek,
    clickRate: 0.22,
    submitRate: 0.3,
    media: { video: 1, photo: 2, text: 9 },
    products: ["House Blend", "Decaf", "Pour-over Set"],
  },
  {
    domain: "little-fern-toys.myshopify.com",
    requests: 320,
    ageDays: 90,
    growthPerYear: 8,
    weekdays: weekendShop,
    clickRate: 0.35,
    submitRate: 0.45,
    media: { video: 4, photo: 5, text: 2 },
    products: ["Stacking Rings", "Wooden Tram", "Felt Fox"],
  },
  {
    domain: "saddle-and-thread.myshopify.com",
    requests: 60,
    ageDays: historyDays,
    growthPerYear: 1,
    weekdays: evenWeek,
    clickRate: 0.4,
    submitRate: 0.5,
    media: { video: 1, photo: 3, text: 3 },
    products: ["Card Holder", "Weekend Bag"],
  },
  // Installed today and nothing sent yet: its pages show zeros, and no run has anything to do for it.
  {
    domain: "quiet-atelier.myshopify.com",
    requests: 0,
    ageDays: 1,
    growthPerYear: 1,
    weekdays: evenWeek,
    clickRate: 0,
    submitRate: 0,
    media: { video: 1, photo: 1, text: 1 },
    products: ["Gift Card"],
  },
];

/** The shop's id in the database: what stands before ".myshopify.com". */
export function toShopId({ domain }: Pick<ShopPlan, "domain">): string {
  return domain.replace(/\.myshopify\.com$/, "");
}

/** Shopify's name for the product at `index` of the shop's list. */
export function toProductId(index: number): string {
  return `gid://shopify/Product/${7001 + index}`;
}
