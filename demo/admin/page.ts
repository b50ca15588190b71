import { shops, toShopId } from "../shops";
import { languages } from "./languages";
import { describeMarks, type ShopState } from "./shop-state";

/** How the page is opened. `adminToken`: what the operator's page asks for. */
type AdminPage = { locale: string; path: string; adminToken: string };

/** The page that stands in for the Shopify admin: shops above, the app's menu, the app in its frame, the panel. */
export function renderAdminPage(state: ShopState, { locale, path, adminToken }: AdminPage): string {
  const name = toShopId(state);
  return renderDocument(
    `${name} · Demo admin`,
    `
<header class="top">
  <a class="skip" href="#frame-area">Skip to the app</a>
  <p class="brand">Demo admin</p>
  ${renderSwitcher(state.domain, locale)}
</header>
<nav class="menu" aria-label="Shop">
  <p class="menu-title">Apps</p>
  <a class="app-name" data-app-path="/app" href="/admin?shop=${state.domain}&amp;locale=${locale}" aria-current="page">Testimonials</a>
  <ul id="app-menu"></ul>
</nav>
<main id="frame-area" tabindex="-1" aria-labelledby="frame-title">
  <h1 id="frame-title" class="hidden">Testimonials of ${name}</h1>
  ${state.isInstalled ? renderFrame(state.domain, locale, path) : renderInstall(state.domain, locale)}
</main>
${renderPanel(state, locale, adminToken)}
<script type="module" src="/admin/assets/admin.js"></script>`,
    `data-shop="${state.domain}" data-locale="${locale}"`,
  );
}

/** The page while the shops are still being loaded. It looks again by itself. */
export function renderWaitingPage(): string {
  return renderDocument(
    "Demo admin",
    `
<main class="notice">
  <h1>The demo is getting its shops ready</h1>
  <p role="status">The terminal tells what it does. This page opens by itself, in about half a minute.</p>
</main>`,
  );
}

function renderDocument(title: string, body: string, attributes = ""): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/admin/assets/admin.css">
<link rel="stylesheet" href="/admin/assets/menu.css">
<link rel="stylesheet" href="/admin/assets/panel.css">
</head>
<body ${attributes}>${body}
</body>
</html>
`;
}

function renderSwitcher(current: string, locale: string): string {
  const items = shops.map(({ domain, requests }) => {
    const size = requests === 0 ? "nothing sent yet" : `${requests.toLocaleString("en")} requests`;
    const mark = domain === current ? ' aria-current="true"' : "";
    return `<li><a href="/admin?shop=${domain}&amp;locale=${locale}"${mark}>${toShopId({ domain })} <small>${size}</small></a></li>`;
  });
  return `<details class="switcher">
    <summary><span class="hidden">Shop: </span>${toShopId({ domain: current })}</summary>
    <ul>${items.join("")}</ul>
  </details>`;
}

function renderFrame(domain: string, locale: string, path: string): string {
  const query = new URLSearchParams({ shop: domain, locale, path });
  return `<iframe title="Testimonials" data-src="/admin/open?${query.toString().replaceAll("&", "&amp;")}"></iframe>`;
}

function renderInstall(domain: string, locale: string): string {
  return `<div class="notice">
    <h2>The app isn't installed in this shop</h2>
    <p>Its history is still there. Installing it exchanges a session token for an access token, as Shopify does.</p>
    <form action="/admin/install" method="post">
      <input type="hidden" name="shop" value="${domain}">
      <input type="hidden" name="locale" value="${locale}">
      <button class="primary">Install the app</button>
    </form>
  </div>`;
}

function renderPanel(state: ShopState, locale: string, adminToken: string): string {
  return `<aside class="panel" aria-labelledby="panel-title">
  <h2 id="panel-title">Simulate</h2>
  <p>Each button writes plain SQL to this shop's tables. The page shows the change immediately, before any run.</p>
  ${renderButtons([
    ["send", "Send 50 requests"],
    ["approve", "Approve the oldest pending"],
    ["delete-customer", "Delete a customer"],
    ["import", "Import 500 old testimonials"],
  ])}
  <p id="result" class="result" role="status"></p>
  <p id="problem" class="result problem" role="alert"></p>
  <h2>Change log</h2>
  <p id="marks">${describeMarks(state)}</p>
  ${renderButtons([["rollup", "Run the rollup"]])}
  <h2>Products</h2>
  <p>Shopify tells the app of these by webhooks.</p>
  ${renderButtons([
    ["rename-product", "Rename the top product"],
    ["delete-product", "Delete the top product"],
  ])}
  <h2><label for="language">Language of the admin</label></h2>
  <select id="language">${renderLanguages(locale)}</select>
  <h2>Operator</h2>
  <p><a href="/operator" target="_blank">Open the operator's page</a>, and paste the admin token of this demo into it:</p>
  <p><code id="admin-token">${adminToken}</code></p>
  ${state.isInstalled ? `<h2>App</h2>${renderButtons([["uninstall", "Uninstall the app"]])}` : ""}
</aside>`;
}

function renderLanguages(current: string): string {
  return Object.entries(languages)
    .map(([tag, name]) => `<option value="${tag}" lang="${tag}"${tag === current ? " selected" : ""}>${name}</option>`)
    .join("");
}

function renderButtons(buttons: [simulation: string, label: string][]): string {
  return buttons
    .map(([simulation, label]) => `<button type="button" data-simulation="${simulation}">${label}</button>`)
    .join("\n  ");
}
