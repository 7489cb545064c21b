import { Router, urlencoded } from "express";
import type { Gate } from "maintenance-mode";
import { accounts, findAccount } from "./accounts.ts";
import { orders } from "./catalogue.ts";
import { html } from "./html.ts";
import { sendPage } from "./layout.ts";
import { signIn, signOut } from "./session.ts";

/** The pages on which staff sign in and see which sites are closed. */
export function admin(gate: Gate): Router {
  const router = Router();
  router.use(urlencoded());

  router.get("/login", (_request, response) => {
    const rows = accounts.map(
      ({ name, password, isStaff }) =>
        html`<li><span>${name}, password “${password}”</span><span class="quiet">${isStaff ? "staff" : "customer"}</span></li>`,
    );
    sendPage(
      response,
      "Sign in",
      html`<form class="stack" method="post">
<label>Name <input name="name" autocomplete="username" required></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Sign in</button></form>
<h2>Who there is</h2><ul class="rows">${rows}</ul>
<p class="quiet">While a site is closed this page stays open. Staff get in; customers see the maintenance page.</p>`,
    );
  });

  router.post("/login", (request, response) => {
    const account = findAccount(String(request.body?.name));
    if (account === undefined || account.password !== request.body?.password) {
      response.status(401);
      sendPage(
        response,
        "Not signed in",
        html`<p>Name and password do not match. <a href="/admin/login">Try again</a></p>`,
      );
      return;
    }
    signIn(response, account);
    response.redirect(303, account.isStaff ? "/admin" : "/");
  });

  router.post("/logout", (_request, response) => {
    signOut(response);
    response.redirect(303, "/admin/login");
  });

  router.get("/", (request, response) => {
    if (request.user?.isStaff !== true) {
      response.redirect(303, "/admin/login");
      return;
    }
    const sites = gate.status().sites.map(({ id, mode }) => html`<li><span>${id}</span><strong>${mode}</strong></li>`);
    sendPage(
      response,
      "Admin",
      html`<h2>Sites</h2><ul class="rows">${sites}</ul>
<p class="quiet">Switch them from a shell: npx maintenance-mode on shop</p>
<h2>Orders</h2><p class="number">${orders.length} so far</p>
<form method="post" action="/admin/logout"><button>Sign out</button></form>`,
    );
  });
  return router;
}
