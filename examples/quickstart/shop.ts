import { Router, urlencoded } from "express";
import { type Product, products, searchProducts, takeOrder } from "./catalogue.ts";
import { type Html, html } from "./html.ts";
import { sendPage } from "./layout.ts";

/** The pages of shop.localhost. */
export function shop(): Router {
  const router = Router();
  router.get("/", (_request, response) => {
    sendPage(response, "Things for the desk", html`${searchForm("")}${productList(products)}`);
  });
  // A POST that only reads, as `readOnly.reads` says.
  router.post("/search", urlencoded(), (request, response) => {
    const words = String(request.body?.words ?? "");
    const found = searchProducts(words);
    sendPage(response, `${found.length} found`, html`${searchForm(words)}${productList(found)}`);
  });
  router.post("/orders", urlencoded(), (request, response) => {
    const order = takeOrder(request.body?.product, request.body?.quantity);
    if (order === null) response.status(422);
    sendPage(
      response,
      order === null ? "Nothing was ordered" : `Order ${order.number}`,
      order === null
        ? html`<p>There is no such product.</p>`
        : html`<p>${order.quantity} × ${order.product}: thank you.</p>`,
    );
  });
  return router;
}

function searchForm(words: string): Html {
  return html`<form method="post" action="/search">
<input name="words" value="${words}" aria-label="Search" placeholder="lamp"> <button>Search</button></form>`;
}

function productList(list: readonly Product[]): Html {
  const rows = list.map(
    ({ id, name, price }) => html`<li><span>${name}</span><span class="number">${price} €</span>
<form method="post" action="/orders"><input type="hidden" name="product" value="${id}"><input type="hidden" name="quantity" value="1">
<button aria-label="Order: ${name}">Order</button></form></li>`,
  );
  return html`<ul class="rows">${rows}</ul>`;
}
