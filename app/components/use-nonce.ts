import { createContext, useContext } from "react";

/** What the inline scripts of the page that is being written are known by, where its policy asks for it. */
export const NonceContext = /* @__PURE__ */ createContext<string | undefined>(undefined);

/** In the browser there is none to be read: the scripts have run. So none of this is in the browser's files. */
export const useNonce: () => string | undefined = import.meta.env.SSR
  ? () => useContext(NonceContext)
  : () => undefined;
