import { Button } from "@shopify/polaris";
import { useTexts } from "./use-locale";

/** Opens the browser's own dialogue, which prints the page or makes a PDF of it. */
export function PrintButton() {
  const { print } = useTexts();
  return <Button onClick={() => window.print()}>{print.action}</Button>;
}
