import type { PageContext } from "../../../../src/engine/page/context.ts";

/** Returns the context of a closed site without texts, with the given changes. */
export function pageContextOf(changes: Partial<PageContext> = {}): PageContext {
  return {
    site: "*",
    mode: "closed",
    version: 7,
    language: "en",
    direction: "ltr",
    title: "",
    message: "",
    titleLanguage: null,
    messageLanguage: null,
    sent: null,
    until: null,
    since: null,
    updated: null,
    name: "",
    contact: null,
    logo: null,
    moreUrl: null,
    ...changes,
  };
}
