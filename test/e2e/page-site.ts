import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { PageContext } from "../../src/engine/page/context.ts";
import { renderPage } from "../../src/engine/page/render.ts";

/** A site on a real server, which a test closes and opens. */
export interface PageSite {
  readonly url: string;
  /** The requests so far, such as `GET /order`. */
  readonly requests: string[];
  /** The closure that the page shows, or `null` if the site is open. */
  closure: PageContext | null;
  /** The response of the open site. Default: a page with a form. */
  opened: { readonly status: number; readonly headers: Readonly<Record<string, string>> };
  close(): Promise<void>;
}

const HTML = { "content-type": "text/html; charset=utf-8" };
const FORM =
  '<!doctype html><title>Shop</title><link rel="icon" href="data:,"><h1>Open</h1><form action="/order" method="post"><input name="name"><button>Send</button></form><iframe name="frame" title="Frame"></iframe>';

/** Starts the site. While it is read-only, it blocks only `/order`, which counts as a write whatever the method. */
export async function startPageSite(): Promise<PageSite> {
  const server = createServer((request, response) => {
    const { method = "" } = request;
    site.requests.push(`${method} ${request.url}`);
    request.resume();
    const { closure, opened } = site;
    if (closure === null || (closure.mode === "read-only" && request.url !== "/order")) {
      response.writeHead(opened.status, { ...HTML, ...opened.headers }).end(FORM);
      return;
    }
    const sent = closure.mode === "read-only" || method === "POST" ? "not-taken" : null;
    const { body, contentSecurityPolicy } = renderPage({ ...closure, sent });
    response
      .writeHead(503, {
        ...HTML,
        "cache-control": "no-store",
        "content-security-policy": contentSecurityPolicy ?? "",
        maintenance: `${closure.mode};site="${closure.site}";version=${closure.version}`,
      })
      .end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const site: PageSite = {
    url: `http://127.0.0.1:${port}/`,
    requests: [],
    closure: null,
    opened: { status: 200, headers: {} },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return site;
}
