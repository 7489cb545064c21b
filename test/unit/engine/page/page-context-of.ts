import type { PageContext } from "../../../../src/engine/page/context.ts";

/** A context with nothing of its own, but for what a test says. */
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
    url: null,
    ...changes,
  };
}
