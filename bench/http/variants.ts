/** What a server process is started as. `same bytes` writes what the gate would, as fast as bare `node:http` can. */
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

/** What a browser says; the same in every request, and in what `same bytes` asks the gate for. */
export const REQUEST_HEADERS: Readonly<Record<string, string>> = {
  accept: "text/html,application/xhtml+xml,*/*;q=0.8",
  "accept-language": "en-GB,en;q=0.7",
};
