import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { guard } from "../../src/adapters/node.ts";
import type { CloseCommand } from "../../src/control/command.ts";
import type { ServedApp } from "../../src/testing/adapters/conformance.ts";
import { BY, gateUnderTest } from "../support/gate-under-test.ts";
import { serve } from "../support/serve.ts";

/** An application of one page behind a real gate. Its policy allows only its own scripts and requests. */
export interface ClientSite extends ServedApp {
  /** The requests so far, such as `HEAD /`. */
  readonly requests: string[];
  /** The status of every response from now on; `null` leaves it to the gate. */
  failure: number | null;
  shut(command?: Partial<CloseCommand>): Promise<void>;
  reopen(): Promise<void>;
}

const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; base-uri 'none'";
const APP = `import { defineMaintenanceNotice, waitingFetch } from "/client.js";
defineMaintenanceNotice();
defineMaintenanceNotice();
const notice = document.querySelector("maintenance-notice");
globalThis.ends = 0;
document.addEventListener("maintenance-end", () => { globalThis.ends += 1; });
const api = waitingFetch({ onMaintenance: (info) => notice.show(info), maxWait: 0 });
globalThis.callApi = async (method) => (await api("/api", { method, headers: { accept: "application/json" } })).status;`;

const pageWith = (notice: string, lang: string): string => `<!doctype html><html lang="${lang}">
<title>Shop</title><script type="module" src="/app.js"></script>
${notice}<main><h1>Shop</h1></main></html>`;

/** Starts the site. `notice` is the markup of the element in its page. */
export async function startClientSite(
  notice = "<maintenance-notice></maintenance-notice>",
  lang = "en-GB",
): Promise<ClientSite> {
  const { gate, controller } = gateUnderTest({ exempt: { paths: ["/app", "/app.js", "/client.js"] } });
  const files: Readonly<Record<string, readonly [type: string, body: string]>> = {
    "/app": ["text/html; charset=utf-8", pageWith(notice, lang)],
    "/app.js": ["text/javascript", APP],
    "/client.js": ["text/javascript", await bundledClient()],
  };
  const guarded = createServer((request, response) => {
    const [type, body] = files[request.url ?? ""] ?? ["text/plain", "open"];
    response.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(body);
  });
  guard(guarded, gate);
  const server = createServer((request, response) => {
    site.requests.push(`${request.method} ${request.url}`);
    if (site.failure === null) guarded.emit("request", request, response);
    else response.writeHead(site.failure).end();
  });
  const { url, close } = await serve(server);
  const site: ClientSite = {
    url: `${url}/app`,
    requests: [],
    failure: null,
    async shut(command = {}) {
      await controller.execute({ type: "close", ...command }, BY);
      await gate.refresh();
    },
    async reopen() {
      await controller.execute({ type: "open" }, BY);
      await gate.refresh();
    },
    async close() {
      await close();
      await gate.close();
    },
  };
  return site;
}

async function bundledClient(): Promise<string> {
  const entry = fileURLToPath(new URL("../../src/client/client.ts", import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  return outputFiles.map(({ text }) => text).join("");
}
