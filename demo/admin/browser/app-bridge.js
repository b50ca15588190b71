// Stands in for Shopify's App Bridge in the demo's frame. It changes no element of the page: React takes the page over
// as the server wrote it.

const retryHeader = "X-Shopify-Retry-Invalid-Session-Request";
const plainFetch = window.fetch;

/** A fresh session token, from the admin around the frame. @returns {Promise<string>} */
function idToken() {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve, reject) => {
    port1.onmessage = ({ data }) => (data.token ? resolve(data.token) : reject(new Error(data.error)));
    window.parent.postMessage({ type: "id-token" }, location.origin, [port2]);
  });
}

/** @param {Request} request */
async function fetchWithToken(request) {
  request.headers.set("Authorization", `Bearer ${await idToken()}`);
  return plainFetch(request);
}

/**
 * Signs requests to the app, and repeats one whose token the app would not take, with another.
 *
 * @param {RequestInfo | URL} input
 * @param {RequestInit} [init]
 */
async function signedFetch(input, init) {
  const request = new Request(input, init);
  if (new URL(request.url).origin !== location.origin || request.headers.has("Authorization")) {
    return plainFetch(request);
  }
  const response = await fetchWithToken(request.clone());
  return response.headers.has(retryHeader) ? fetchWithToken(request) : response;
}

/** @param {object} message */
function tellAdmin(message) {
  window.parent.postMessage(message, location.origin);
}

/** The app's page for a session token: once there is one, it goes on to where it was asked for. */
async function leaveBouncePage() {
  const destination = new URLSearchParams(location.search).get("shopify-reload");
  if (!destination) return;
  const url = new URL(destination, location.origin);
  if (url.origin !== location.origin) return;
  url.searchParams.set("id_token", await idToken());
  location.replace(url);
}

let menu = "";

/** Hands the links of <ui-nav-menu> to the admin, which shows them as its own. */
function publishMenu() {
  const links = [...document.querySelectorAll("ui-nav-menu a")].map((link) => ({
    href: link.getAttribute("href"),
    label: link.textContent,
    isHome: link.getAttribute("rel") === "home",
  }));
  const current = JSON.stringify(links);
  if (links.length === 0 || current === menu) return;
  menu = current;
  tellAdmin({ type: "menu", links });
}

function publishPath() {
  tellAdmin({ type: "path", path: location.pathname + location.search });
}

/** @param {"pushState" | "replaceState"} name */
function watchHistory(name) {
  const change = history[name].bind(history);
  history[name] = (...args) => {
    change(...args);
    publishPath();
  };
}

/** A link of the admin's menu was followed: the app goes there without loading anew. @param {string} href */
function followMenu(href) {
  const { pathname } = new URL(href, location.origin);
  const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("ui-nav-menu a"));
  const link = [...links].find((each) => each.pathname === pathname);
  link?.dispatchEvent(new Event("shopify:navigate", { bubbles: true }));
}

window.addEventListener("message", ({ source, origin, data }) => {
  if (source !== window.parent || origin !== location.origin) return;
  if (data.type === "navigate") followMenu(data.href);
  // What a merchant's browser says when they come back to the tab.
  if (data.type === "look-again") document.dispatchEvent(new Event("visibilitychange"));
});

// Elements of the real App Bridge that show in the admin and not in the page.
const styles = new CSSStyleSheet();
styles.replaceSync("ui-nav-menu, ui-title-bar, ui-save-bar { display: none }");
document.adoptedStyleSheets.push(styles);

window.fetch = signedFetch;
watchHistory("pushState");
watchHistory("replaceState");
window.addEventListener("popstate", publishPath);
new MutationObserver(publishMenu).observe(document, { childList: true, subtree: true, attributeFilter: ["href"] });

/** Of the admin around the frame, which tells it without being asked. */
function readLocale() {
  return window.parent.document.body?.dataset.locale ?? "en";
}

const { dataset } = /** @type {HTMLScriptElement} */ (document.currentScript);
const query = new URLSearchParams(location.search);
Object.assign(window, {
  shopify: {
    config: { apiKey: dataset.apiKey, shop: query.get("shop"), host: query.get("host"), locale: readLocale() },
    environment: { embedded: true, mobile: false, pos: false },
    ready: Promise.resolve(),
    idToken,
    /** @param {boolean} isLoading */
    loading: (isLoading) => tellAdmin({ type: "loading", isLoading }),
    toast: {
      /** @param {string} message */
      show: (message) => tellAdmin({ type: "toast", message }),
      hide: () => undefined,
    },
  },
});

publishPath();
void leaveBouncePage();
