import { expect, type Frame } from "@playwright/test";

/** How much longer than English ones the words of other languages are taken to be. */
const lengthening = 0.35;

/**
 * Lengthens every word of the page by a third, as a translation would. Numbers keep their length, and so do texts of
 * customers, which nobody translates.
 */
export async function lengthenTexts(frame: Frame): Promise<void> {
  await frame.evaluate((share) => {
    const lengthen = (word: string) => word + word.slice(0, Math.ceil(word.length * share)).toLowerCase();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (text.parentElement?.closest("script, style, [title]")) continue;
      text.nodeValue = (text.nodeValue ?? "").replaceAll(/\p{L}+/gu, lengthen);
    }
  }, lengthening);
}

/**
 * Nothing that the page shows is cut off, spills out of its place or lies outside its card or the window. What the page
 * does after it was resized may take a moment.
 */
export async function expectNothingClipped(frame: Frame): Promise<void> {
  await softly.poll(() => frame.evaluate(listClipped), { message: "what is cut off" }).toEqual([]);
}

const softly = expect.configure({ soft: true });

/**
 * Looks at each text, drawing and control that is shown. What scrolls can be reached if the keyboard can reach the box
 * that scrolls; a text that is cut on purpose has its whole self in a title.
 */
function listClipped(): string[] {
  type Box = Pick<DOMRect, "left" | "right" | "top" | "bottom">;
  const slack = 1;
  const found = new Set<string>();
  const shown = new Map<Element, boolean>();

  /** False for what is there for screen readers alone, or to measure by. */
  function isShown(element: Element | null): boolean {
    if (!element) return true;
    const known = shown.get(element);
    if (known !== undefined) return known;
    const { width, height } = element.getBoundingClientRect();
    const isPixel = getComputedStyle(element).overflow === "hidden" && width <= 1 && height <= 1;
    const isSeen = !isPixel && !element.matches("option, [id^=__react_svg]") && isShown(element.parentElement);
    shown.set(element, isSeen && element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }));
    return shown.get(element) ?? false;
  }

  function toPlace(element: Element): string {
    const card = element.closest(".Polaris-ShadowBevel")?.querySelector("h2")?.textContent ?? "no card";
    return `${element.tagName.toLowerCase()}.${element.getAttribute("class")?.split(" ")[0] ?? ""} of ${card}`;
  }

  function isCutOnPurpose(element: Element): boolean {
    const isShort = getComputedStyle(element).textOverflow === "ellipsis";
    return isShort && element.getAttribute("title")?.trim() === element.textContent?.trim();
  }

  /** Checks a box against all that may cut it, up to the window; a text also against the block that it stands in. */
  function check(what: string, first: Box, start: Element | null, isText: boolean): void {
    let box = first;
    let block = isText ? start : null;
    while (block && /^(inline|contents)$/.test(getComputedStyle(block).display)) block = block.parentElement;
    for (let at = start; at && at !== document.body; at = at.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(at);
      const outer = at.getBoundingClientRect();
      if (/auto|scroll/.test(`${overflowX} ${overflowY}`) && (at as HTMLElement).tabIndex >= 0) {
        // From here on it is the box that scrolls which has to be in sight.
        box = outer;
        continue;
      }
      const across = Math.max(outer.left - box.left, box.right - outer.right);
      const down = Math.max(outer.top - box.top, box.bottom - outer.bottom);
      const isOutsideAcross = across > slack && (overflowX !== "visible" || at === block);
      const isOutsideDown = down > slack && overflowY !== "visible";
      if (!isOutsideAcross && !isOutsideDown) continue;
      if (!isCutOnPurpose(at)) found.add(`${what} is ${Math.round(Math.max(across, down))} px outside ${toPlace(at)}`);
      box = outer;
    }
    const outside = Math.max(-box.left, box.right - innerWidth);
    if (outside > slack) found.add(`${what} is ${Math.round(outside)} px outside the window`);
  }

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const parent = text.parentElement;
    const words = text.nodeValue?.trim();
    if (!parent || !words || parent.closest("script, style, noscript") || !isShown(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) check(`"${words}"`, box, parent, !parent.closest("svg"));
  }
  for (const element of document.querySelectorAll("svg, img, button, input, select, textarea, a, summary, td, th")) {
    if (isShown(element)) check(toPlace(element), element.getBoundingClientRect(), element.parentElement, false);
  }
  return [...found];
}
