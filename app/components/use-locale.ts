import { useRouteLoaderData } from "@remix-run/react";
import { createContext, useContext } from "react";
import { english, getLocale, type Locale } from "~/texts/locale";
import type { Texts } from "~/texts/texts";

const LocaleContext = createContext<Locale>(english);

/** Gives the pages inside the locale that their merchant reads. */
export const LocaleProvider = LocaleContext.Provider;

/** The merchant's locale; outside of the admin, English. */
export function useLocale(): Locale {
  return useContext(LocaleContext);
}

/** What the merchant reads, in their language. */
export function useTexts(): Texts {
  return useLocale().texts;
}

const frameRoute = "routes/app";

type FrameData = { locale?: string; shop?: string } | null | undefined;

/** The locale that the frame of the pages was loaded with, for what is around that frame; without one, English. */
export function useFrameLocale(): Locale {
  return toLocale(useRouteLoaderData(frameRoute));
}

/** The same, for the head of a page, from the routes that are shown. */
export function findFrameTexts(matches: { id: string; data: unknown }[]): Texts {
  return toLocale(matches.find(({ id }) => id === frameRoute)?.data).texts;
}

/** The domain of the merchant's own shop; outside of the admin, none. */
export function useFrameShop(): string | null {
  return (useRouteLoaderData(frameRoute) as FrameData)?.shop ?? null;
}

function toLocale(data: unknown): Locale {
  const tag = (data as FrameData)?.locale;
  return tag ? getLocale(tag) : english;
}
