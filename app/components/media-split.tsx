import { BlockStack, Card } from "@shopify/polaris";
import { scaleLinear } from "@visx/scale";
import { Bar } from "@visx/shape";
import { useId } from "react";
import { toMediaCsv } from "~/report/csv-tables";
import type { Part } from "~/report/media";
import { CardHeading } from "./card-heading";
import styles from "./chart.module.css";
import { CsvButton } from "./csv-button";
import { saveTable } from "./save-file";
import { ScrollBox } from "./scroll-box";
import tableStyles from "./table.module.css";
import { useLocale } from "./use-locale";

const width = scaleLinear({ domain: [0, 1], range: [0, 100] });

const fills = ["solid", "stripes", "dots"] as const;

/** What the testimonials hold: one bar of parts, told apart by pattern and in order, over a table of the same. */
export function MediaSplit({ parts }: { parts: Part[] }) {
  const id = useId();
  const locale = useLocale();
  const { media } = locale.texts;
  const fill = (index: number) => `url(#${id}${fills[index]})`;
  return (
    <Card>
      <BlockStack gap="300">
        <CardHeading title={media.title}>
          <CsvButton table={media.title} save={(days) => saveTable(toMediaCsv(locale, parts, days))} />
        </CardHeading>
        <svg className={styles.bar} height="24" aria-hidden="true" focusable="false" data-shape>
          <Patterns id={id} />
          {parts.map((part, index) => (
            <Bar
              key={part.label}
              x={`${sumShares(parts.slice(0, index))}%`}
              width={`${width(part.share ?? 0)}%`}
              height="24"
              fill={fill(index)}
            />
          ))}
        </svg>
        <ScrollBox label={media.title}>
          <table className={tableStyles.table}>
            <thead>
              <tr>
                <th scope="col">{media.testimonialsWith}</th>
                <th scope="col">{media.count}</th>
                <th scope="col">{media.share}</th>
              </tr>
            </thead>
            <tbody>
              {parts.map((part, index) => (
                <PartRow key={part.label} part={part} fill={fill(index)} />
              ))}
            </tbody>
          </table>
        </ScrollBox>
      </BlockStack>
    </Card>
  );
}

function PartRow({ part, fill }: { part: Part; fill: string }) {
  return (
    <tr>
      <th scope="row">
        <svg className={styles.swatch} aria-hidden="true" focusable="false">
          <rect width="14" height="14" fill={fill} />
        </svg>
        {part.label}
      </th>
      <td>
        <span data-shape>{part.value}</span>
      </td>
      <td>
        <span data-shape>{part.shareText}</span>
      </td>
    </tr>
  );
}

function sumShares(parts: Part[]): number {
  return width(parts.reduce((sum, part) => sum + (part.share ?? 0), 0));
}

function Patterns({ id }: { id: string }) {
  const [solid, stripes, dots] = fills;
  const tile = { patternUnits: "userSpaceOnUse", width: 7, height: 7 };
  return (
    <defs>
      <pattern id={`${id}${solid}`} {...tile}>
        <rect className={styles.ink} width="7" height="7" />
      </pattern>
      <pattern id={`${id}${stripes}`} {...tile} patternTransform="rotate(45)">
        <rect className={styles.stripedPaper} width="7" height="7" />
        <rect className={styles.ink} width="3" height="7" />
      </pattern>
      <pattern id={`${id}${dots}`} {...tile}>
        <rect className={styles.dottedPaper} width="7" height="7" />
        <circle className={styles.ink} cx="3.5" cy="3.5" r="1.4" />
      </pattern>
    </defs>
  );
}
