import { drawItem, type Random } from "./random";

const firstNames = [
  "Maya",
  "Jonas",
  "Priya",
  "Lucía",
  "Tomasz",
  "Aiko",
  "Samuel",
  "Nadia",
  "Oliver",
  "Fatima",
  "Henrik",
  "Grace",
  "Mateo",
  "Ingrid",
  "Kofi",
  "Chloé",
  "Ravi",
  "Hannah",
  "Yusuf",
] as const;

const lastNames = [
  "Rossi",
  "Okafor",
  "Lindgren",
  "Novak",
  "Tanaka",
  "Byrne",
  "Haddad",
  "Moreau",
  "Kowalski",
  "Silva",
  "Fischer",
  "Patel",
  "Jensen",
] as const;

export type Customer = { email: string; displayName: string };

/** The customer with this number, the same one every time. Nobody real: example.com is reserved for that. */
export function toCustomer(number: number): Customer {
  const first = firstNames[number % firstNames.length] ?? firstNames[0];
  const last = lastNames[number % lastNames.length] ?? lastNames[0];
  const mailbox = `${first}.${last}.${number}`.normalize("NFD").replace(/[^\w.]/g, "");
  return { email: `${mailbox.toLowerCase()}@example.com`, displayName: `${first} ${last.charAt(0)}.` };
}

type Voice = { headlines: readonly [string, ...string[]]; texts: readonly [string, ...string[]] };

const happy: Voice = {
  headlines: [
    "Exactly what I hoped for",
    "A gift I kept for myself",
    "Lovely quality",
    "Will order again",
    "So pleased",
  ],
  texts: [
    "The {product} arrived well packed and looks better than in the pictures.",
    "My sister saw the {product} on my table and ordered one the same evening.",
    "I was not sure about the price, but the {product} is worth it.",
    "Third order from this shop. The {product} is my favourite so far.",
  ],
};

const fair: Voice = {
  headlines: ["Good, with one wish", "Nice, a little small", "Does what it should"],
  texts: [
    "The {product} is good. I would have liked it a bit larger.",
    "Delivery took nine days, but the {product} itself is fine.",
    "A decent {product}. The colour is darker than on the screen.",
  ],
};

const unhappy: Voice = {
  headlines: ["Not for me", "Arrived damaged", "Expected more"],
  texts: [
    "The {product} had a scratch. Support has offered a replacement.",
    "Sadly the {product} did not last a month.",
    "The {product} is not what the pictures promise.",
  ],
};

/** What a customer writes about a product they gave `rating` stars. */
export function writeReview(random: Random, product: string, rating: number): { headline: string; text: string } {
  const voice = rating > 3 ? happy : rating === 3 ? fair : unhappy;
  return {
    headline: drawItem(random, voice.headlines),
    text: drawItem(random, voice.texts).replace("{product}", product),
  };
}
