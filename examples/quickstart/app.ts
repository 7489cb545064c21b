import express, { type Express } from "express";
import type { Gate } from "maintenance-mode";
import { expressMaintenance, maintenanceOff } from "maintenance-mode/express";
import { admin } from "./admin.ts";
import { api } from "./api.ts";
import { blog } from "./blog.ts";
import { html } from "./html.ts";
import { sendPage } from "./layout.ts";
import { session } from "./session.ts";
import { shop } from "./shop.ts";

/** Two sites, an API and an admin area in one Express app. */
export function createApp(gate: Gate): Express {
  const app = express();
  // After the session, so that the gate knows the user, and before every route.
  app.use(session);
  app.use(expressMaintenance(gate));

  app.get("/healthz", (_request, response) => void response.json({ ok: true, maintenance: gate.status() }));
  app.get("/status", maintenanceOff(status(gate)));
  app.use("/api", api());
  app.use("/admin", admin(gate));
  app.use(forHost("shop.localhost", shop()));
  app.use(forHost("blog.localhost", blog()));
  app.get("/", (request, response) => {
    const port = request.headers.host?.split(":")[1] ?? "80";
    sendPage(
      response,
      "Two sites, one switch each",
      html`<p><a href="http://shop.localhost:${port}/">The shop</a> and <a href="http://blog.localhost:${port}/">the blog</a>
are served by this process. Close one, or both:</p>
<pre>npx maintenance-mode on shop --message "Back at nine"
npx maintenance-mode off shop
npx maintenance-mode status</pre>
<p>Programs talk to <a href="/api/products">/api/products</a>; the health check is at <a href="/healthz">/healthz</a>;
<a href="/status">the status page</a> is never closed; staff <a href="/admin/login">sign in</a>.</p>`,
    );
  });
  app.use((_request, response) => {
    response.status(404);
    sendPage(response, "Not found", html`<p><a href="/">Home</a></p>`);
  });
  return app;
}

/** Marked where it is mounted: it always answers, without a separate list of paths. */
function status(gate: Gate): express.RequestHandler {
  return (_request, response) => {
    const rows = gate.status().sites.map(({ id, mode }) => html`<li><span>${id}</span><strong>${mode}</strong></li>`);
    sendPage(response, "Status", html`<ul class="rows">${rows}</ul>`);
  };
}

function forHost(host: string, handler: express.Router): express.RequestHandler {
  return (request, response, next) => {
    if (request.hostname === host) handler(request, response, next);
    else next();
  };
}
