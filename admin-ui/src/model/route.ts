/** What the page shows, as told by the fragment of its address. */
export type Route =
  | { readonly view: "sites" }
  | { readonly view: "site"; readonly site: string; readonly part: SitePart }
  | { readonly view: "links" }
  | { readonly view: "history"; readonly filter: HistoryFilter }
  | { readonly view: "tokens" };

export const SITE_PARTS = ["switch", "message", "exemptions", "links", "answer", "history"] as const;
export type SitePart = (typeof SITE_PARTS)[number];

export interface HistoryFilter {
  readonly site: string;
  readonly by: string;
  readonly command: string;
}

export const EVERYTHING: HistoryFilter = { site: "", by: "", command: "" };

/** `#/sites/shop/links`. What cannot be read is the list of sites. */
export function parseRoute(fragment: string): Route {
  const [path = "", query = ""] = fragment.replace(/^#?\/?/, "").split("?");
  const [view, site = "", part = ""] = path.split("/").map(decode);
  if (view === "sites" && site !== "")
    return { view: "site", site, part: SITE_PARTS.find((one) => one === part) ?? "switch" };
  if (view === "links" || view === "tokens") return { view };
  if (view !== "history") return { view: "sites" };
  const given = new URLSearchParams(query);
  const read = (name: string): string => given.get(name) ?? "";
  return { view, filter: { site: read("site"), by: read("by"), command: read("command") } };
}

export function routeTo(route: Route): string {
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

/** An address that somebody cut short is no reason to fail. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
