/** The variants of a server process. `same bytes` writes the bytes of the gate, as fast as bare `node:http` can. */
export const OPEN_VARIANTS = ["node", "node + guard", "express", "express + guard", "express + inside"] as const;
export const CLOSED_VARIANTS = [
  "node, same bytes",
  "node + guard, closed",
  "express + guard, closed",
  "express + inside, closed",
] as const;

export type Variant = (typeof OPEN_VARIANTS)[number] | (typeof CLOSED_VARIANTS)[number];

export function isClosed(variant: Variant): boolean {
  return CLOSED_VARIANTS.some((closed) => closed === variant);
}

/** The headers of a browser, the same in every request, including the one for which `same bytes` gets the plan. */
export const REQUEST_HEADERS: Readonly<Record<string, string>> = {
  accept: "text/html,application/xhtml+xml,*/*;q=0.8",
  "accept-language": "en-GB,en;q=0.7",
};
