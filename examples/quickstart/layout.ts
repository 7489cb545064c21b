import type { Response } from "express";
import { type Html, html } from "./html.ts";

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2126; --quiet: #5b6470; --line: #d9dee4; --paper: #fff; --accent: #1f6f43; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ebee; --quiet: #a0a9b4; --line: #343b44; --paper: #16191d; --accent: #7cc79c; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 system-ui, sans-serif; }
header, main, footer { max-width: 44rem; margin: 0 auto; padding: 1.25rem; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: baseline; border-bottom: 1px solid var(--line); }
header strong { margin-right: auto; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 1.5rem 0 .75rem; letter-spacing: -.01em; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
a { color: var(--accent); text-underline-offset: .15em; }
ul.rows { list-style: none; margin: 1rem 0; padding: 0; }
ul.rows > li { display: flex; gap: 1rem; align-items: center; padding: .7rem 0; border-top: 1px solid var(--line); }
ul.rows > li > :first-child { flex: 1; }
.quiet, footer { color: var(--quiet); font-size: .95rem; }
.number { font-variant-numeric: tabular-nums; }
.notice { border: 1px solid #b26b00; border-left-width: 6px; border-radius: 4px; padding: .6rem .9rem; }
input, button { font: inherit; padding: .45rem .8rem; border: 1px solid var(--line); border-radius: 6px; }
input { background: transparent; color: inherit; max-width: 100%; }
button { background: var(--accent); border-color: var(--accent); color: var(--paper); cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
form.stack { display: grid; gap: .8rem; max-width: 20rem; }
form.stack label { display: grid; gap: .2rem; }
pre { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; padding: .8rem 1rem; }
`;

/** Sends a page. `expressMaintenance` has stored in `response.locals` whether the site is closed. */
export function sendPage(response: Response, title: string, content: Html): void {
  const { maintenance } = response.locals;
  const { user } = response.req;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
<header><strong>${siteName(maintenance.site)}</strong><a href="/">Home</a><a href="/admin">Admin</a>
<span class="quiet">${user === undefined ? "not signed in" : `signed in as ${user.name}`}</span></header>
<main>
${notice(maintenance)}
<h1>${title}</h1>
${content}
</main>
<footer>The quickstart of maintenance-mode.</footer>
</body>
</html>`;
  response.type("html").send(page.markup);
}

function siteName(site: string): string {
  return { shop: "The Corner Shop", blog: "The Corner Blog" }[site] ?? "Quickstart";
}

function notice({ mode, isClosed }: { readonly mode: string; readonly isClosed: boolean }): Html {
  if (isClosed) return html`<p class="notice">This site is closed. You see it because you are exempt.</p>`;
  if (mode === "read-only") return html`<p class="notice">Reading goes on; orders are taken again soon.</p>`;
  return html``;
}
