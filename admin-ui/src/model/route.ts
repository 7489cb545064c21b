/** The view that the fragment of the address names. */
export type Route =
  | { readonly view: "sites" }
  | { readonly view: "site"; readonly site: string; readonly part: SitePart }
  | { readonly view: "links" }
  | { readonly view: "history"; readonly filter: HistoryFilter }
  | { readonly view: "tokens" }
  /** There is no such page. */
  | { readonly view: "unknown" };

/** Where a link can lead. */
export type Destination = Exclude<Route, { readonly view: "unknown" }>;

export const SITE_PARTS = ["switch", "message", "exemptions", "links", "answer", "history"] as const;
export type SitePart = (typeof SITE_PARTS)[number];

export interface HistoryFilter {
  readonly site: string;
  readonly by: string;
  readonly command: string;
}

export const EVERYTHING: HistoryFilter = { site: "", by: "", command: "" };

/** `#/sites/shop/links` */
export function parseRoute(fragment: string): Route {
  const [path = "", query = ""] = fragment.replace(/^#?\/?/, "").split("?");
  const [view, site = "", part = "", ...more] = path.replace(/\/$/, "").split("/").map(decode);
  if (more.length > 0) return { view: "unknown" };
  if (view === "sites" && site !== "") {
    const known = part === "" ? "switch" : SITE_PARTS.find((one) => one === part);
    return known === undefined ? { view: "unknown" } : { view: "site", site, part: known };
  }
  if (site !== "") return { view: "unknown" };
  if (view === "" || view === "sites") return { view: "sites" };
  if (view === "links" || view === "tokens") return { view };
  if (view !== "history") return { view: "unknown" };
  const given = new URLSearchParams(query);
  const read = (name: string): string => given.get(name) ?? "";
  return { view, filter: { site: read("site"), by: read("by"), command: read("command") } };
}

export function routeTo(route: Destination): string {
  switch (route.view) {
    case "sites":
      return "#/";
    case "site":
      return `#/sites/${encodeURIComponent(route.site)}${route.part === "switch" ? "" : `/${route.part}`}`;
    case "history": {
      const given = Object.entries(route.filter).filter(([, value]) => value !== "");
      return given.length === 0 ? "#/history" : `#/history?${new URLSearchParams(given)}`;
    }
    default:
      return `#/${route.view}`;
  }
}

/** An address that was cut short is no reason to fail. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
