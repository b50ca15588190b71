// The admin's side of the demo: gives the frame its tokens, shows its menu, keeps its path in the address, and writes
// what the panel's buttons say.

const { shop = "", locale = "en" } = document.body.dataset;
const frame = document.querySelector("iframe");
const switcher = /** @type {HTMLDetailsElement} */ (document.querySelector(".switcher"));
const result = requireElement("result");
const problem = requireElement("problem");
const buttons = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("button[data-simulation]")]);

/** @param {string} id */
function requireElement(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}.`);
  return element;
}

/** @param {object} message */
function tellFrame(message) {
  frame?.contentWindow?.postMessage(message, location.origin);
}

/** @param {MessagePort} port */
async function giveToken(port) {
  try {
    const response = await fetch(`/admin/session-token?shop=${shop}`);
    port.postMessage(await response.json());
  } catch (error) {
    port.postMessage({ error: String(error) });
  }
}

/** @param {string} path */
function keepPath(path) {
  const url = new URL(path, location.origin);
  // The frame passes through pages that are nobody's to come back to.
  if (!url.pathname.startsWith("/app")) return;
  for (const name of ["embedded", "hmac", "host", "id_token", "locale", "session", "shop", "timestamp"]) {
    url.searchParams.delete(name);
  }
  const kept = url.pathname + url.search;
  history.replaceState(null, "", `/admin?${new URLSearchParams({ shop, locale, path: kept })}`);
  for (const link of document.querySelectorAll("[data-app-path]")) {
    const [pathname] = (link.getAttribute("data-app-path") ?? "").split("?");
    const isCurrent = pathname === url.pathname;
    if (isCurrent) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

/** @param {{ href: string, label: string, isHome: boolean }[]} links */
function showMenu(links) {
  const items = links
    .filter(({ isHome }) => !isHome)
    .map(({ href, label }) => {
      const link = document.createElement("a");
      link.textContent = label;
      link.href = `/admin?${new URLSearchParams({ shop, locale, path: href })}`;
      link.dataset.appPath = href;
      const item = document.createElement("li");
      item.append(link);
      return item;
    });
  requireElement("app-menu").replaceChildren(...items);
  keepPath(new URLSearchParams(location.search).get("path") ?? "/app");
}

window.addEventListener("message", ({ source, origin, data, ports }) => {
  if (source !== frame?.contentWindow || origin !== location.origin) return;
  if (data.type === "id-token" && ports[0]) void giveToken(ports[0]);
  if (data.type === "path") keepPath(data.path);
  if (data.type === "menu") showMenu(data.links);
  if (data.type === "toast") result.textContent = data.message;
});

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  if (!switcher.contains(event.target)) switcher.open = false;
  const link = event.target.closest("[data-app-path]");
  if (!link || !frame || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  tellFrame({ type: "navigate", href: link.getAttribute("data-app-path") });
});

switcher.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !switcher.open) return;
  switcher.open = false;
  switcher.querySelector("summary")?.focus();
});

/** A disabled button would lose the focus, so a busy one only says that it is. @param {boolean} isBusy */
function setBusy(isBusy) {
  for (const button of buttons) button.setAttribute("aria-disabled", String(isBusy));
}

/** @param {HTMLButtonElement} button */
async function simulate(button) {
  if (button.ariaDisabled === "true") return;
  setBusy(true);
  result.textContent = `${button.textContent} …`;
  problem.textContent = "";
  try {
    const response = await fetch(`/admin/simulate/${button.dataset.simulation}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ shop }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    showAnswer(answer);
  } catch (error) {
    result.textContent = "";
    problem.textContent = `“${button.textContent}” failed: ${error instanceof Error ? error.message : error}`;
  }
  setBusy(false);
}

/** @param {{ message: string, isInstalled: boolean, marks: string }} answer */
function showAnswer({ message, isInstalled, marks }) {
  result.textContent = message;
  requireElement("marks").textContent = marks;
  if (frame && !isInstalled) location.assign(`/admin?shop=${shop}&locale=${locale}`);
  else tellFrame({ type: "look-again" });
}

for (const button of buttons) button.addEventListener("click", () => void simulate(button));

/** Shopify, too, loads everything anew in another language, on the page where the merchant was. */
requireElement("language").addEventListener("change", ({ currentTarget }) => {
  const url = new URL(location.href);
  url.searchParams.set("locale", /** @type {HTMLSelectElement} */ (currentTarget).value);
  location.assign(url);
});

// Not before the listeners above are there: the frame's first word may be a question for a token.
if (frame) frame.src = frame.dataset.src ?? "";
