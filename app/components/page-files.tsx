import { useEffect, useState } from "react";

/**
 * Has the browser keep the files of the app's other pages, which it fetches when it has nothing else to do. Without its
 * code a page can't be opened while the network is away: Remix would load the whole document anew.
 */
export function PageFiles() {
  const [files, setFiles] = useState<string[]>([]);
  useEffect(() => setFiles(listFiles()), []);
  return files.map((href) => (
    <link key={href} rel="prefetch" as={href.endsWith(".css") ? "style" : "script"} href={href} />
  ));
}

/** The files of all routes that load data in the browser: those are the pages. */
function listFiles(): string[] {
  const pages = Object.values(window.__remixManifest.routes).filter((route) => route.hasClientLoader);
  return [...new Set(pages.flatMap(({ module, imports = [], css = [] }) => [module, ...imports, ...css]))];
}
