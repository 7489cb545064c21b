export interface Product {
  readonly id: string;
  readonly name: string;
  /** In euros. */
  readonly price: number;
}

export const products: readonly Product[] = [
  { id: "kettle", name: "Kettle, 1.2 litres", price: 39 },
  { id: "lamp", name: "Reading lamp", price: 54 },
  { id: "notebook", name: "Notebook, dotted", price: 9 },
];

export interface Order {
  readonly number: number;
  readonly product: string;
  readonly quantity: number;
}

const taken: Order[] = [];

export const orders: readonly Order[] = taken;

/** Returns `null` for an unknown product or an invalid quantity. */
export function takeOrder(product: unknown, quantity: unknown): Order | null {
  const count = Number(quantity);
  if (!Number.isInteger(count) || count < 1) return null;
  const found = products.find(({ id }) => id === product);
  if (found === undefined) return null;
  const order = { number: taken.length + 1, product: found.id, quantity: count };
  taken.push(order);
  return order;
}

export function searchProducts(words: string): readonly Product[] {
  return products.filter(({ name }) => name.toLowerCase().includes(words.trim().toLowerCase()));
}
