import { Box, Button } from "@shopify/polaris";
import type { Days } from "~/report/steps";
import { useTexts } from "./use-locale";
import { useShownData } from "./use-page-url";

/** `table`: what people call it. `save` is told which days the page shows. */
type CsvButtonProps = { table: string; save: (days: Days) => void };

/** Saves a table of the page as a file. A page has several of them, so its full name says which table it saves. */
export function CsvButton({ table, save }: CsvButtonProps) {
  const { download } = useTexts().files;
  const days = useShownData()?.choice.shown;
  if (!days) return null;
  return (
    <Box printHidden>
      <Button size="slim" accessibilityLabel={`${download}: ${table}`} onClick={() => save(days)}>
        {download}
      </Button>
    </Box>
  );
}
