import { BlockStack, Box, Card, InlineStack, Select, Text } from "@shopify/polaris";
import { useState } from "react";
import type { Line } from "~/report/figure";
import type { Unit } from "~/report/trend";
import styles from "./report.module.css";
import { TrendChart } from "./trend-chart";
import { trendId, useFigureInAddress } from "./use-figure-in-address";
import { useTexts } from "./use-locale";

/** One of several lines over the same days, with a switch between them. The first is the one that the address names. */
export function TrendCard({ lines, unit }: { lines: Line[]; unit: Unit }) {
  const { trend } = useTexts();
  const { figure, heading } = useFigureInAddress();
  const [chosen, setChosen] = useState(figure);
  const line = lines.find(({ key }) => key === chosen) ?? lines[0];
  if (!line) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <div ref={heading} id={trendId} tabIndex={-1}>
            <Text as="h2" variant="headingMd">
              {trend.title[unit]}
            </Text>
          </div>
          <Box printHidden>
            <Select
              label={trend.show}
              labelInline
              options={lines.map(({ key, label }) => ({ value: key, label }))}
              value={line.key}
              onChange={setChosen}
            />
          </Box>
          <span className={styles.printOnly}>{line.label}</span>
        </InlineStack>
        <TrendChart key={line.key} line={line} unit={unit} />
        <Text as="p" tone="subdued">
          {line.says}
        </Text>
      </BlockStack>
    </Card>
  );
}
