import type { Locator } from "@playwright/test";

type Color = [red: number, green: number, blue: number];
type ClearColor = [...Color, opacity: number];

/** What WCAG asks for between a text, or a drawing, and its ground. */
export const enough = { text: 4.5, drawing: 3 };

/** The contrast of an element's colour, of the CSS property given, with the first ground below it: from 1 to 21. */
export async function measureContrast(locator: Locator, property: string): Promise<number> {
  const [color, ground] = await locator.evaluate((element, name) => {
    const read = (of: Element, property: string) => getComputedStyle(of).getPropertyValue(property);
    const isClear = (value: string) => value === "transparent" || /, 0\)$/.test(value);
    const first = name === "color" ? element : element.parentElement;
    let at = first;
    while (at && isClear(read(at, "background-color"))) at = at.parentElement;
    // Below all of them is the browser's own ground.
    const probe = document.body.appendChild(document.createElement("p"));
    probe.style.cssText = "forced-color-adjust: none; background: Canvas";
    const canvas = read(probe, "background-color");
    probe.remove();
    return [read(element, name), at ? read(at, "background-color") : canvas];
  }, property);
  const below = parseColor(ground).slice(0, 3) as Color;
  return toContrast(mix(parseColor(color), below), below);
}

function parseColor(value: string): ClearColor {
  const numbers = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/.exec(value)?.slice(1);
  if (!numbers) throw new Error(`${value} is no colour.`);
  const [red, green, blue, opacity = 1] = numbers.map((number) => (number === undefined ? undefined : Number(number)));
  return [red ?? 0, green ?? 0, blue ?? 0, opacity];
}

function mix([red, green, blue, opacity]: ClearColor, below: Color): Color {
  const blend = (value: number, ground: number) => value * opacity + ground * (1 - opacity);
  return [blend(red, below[0]), blend(green, below[1]), blend(blue, below[2])];
}

function toContrast(one: Color, other: Color): number {
  const [light, dark] = [toLuminance(one), toLuminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function toLuminance(color: Color): number {
  const [red, green, blue] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Color;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
