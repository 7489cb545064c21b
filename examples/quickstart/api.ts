import { json, Router } from "express";
import { orders, products, takeOrder } from "./catalogue.ts";

/** The API for programs, on every host. */
export function api(): Router {
  const router = Router();
  router.use(json());
  router.get("/products", (_request, response) => void response.json(products));
  router.get("/products/:id", (request, response) => {
    const product = products.find(({ id }) => id === request.params.id);
    if (product === undefined) response.status(404).json({ error: `There is no product '${request.params.id}'.` });
    else response.json(product);
  });
  router.get("/orders", (_request, response) => void response.json(orders));
  router.post("/orders", (request, response) => {
    const order = takeOrder(request.body?.product, request.body?.quantity ?? 1);
    if (order === null) response.status(422).json({ error: "Name a product and a quantity." });
    else response.status(201).json(order);
  });
  return router;
}
