import { describe, expect, test } from "vitest";
import { renderText } from "../../../../src/engine/page/built-in-page.ts";
import type { PageContext } from "../../../../src/engine/page/context.ts";
import { pageContextOf } from "./page-context-of.ts";

describe("renderText", () => {
  test("has the texts of the page, with the time in UTC", () => {
    const context = pageContextOf({
      title: "Back at nine",
      message: "We move <house>.",
      until: Date.parse("2026-05-14T20:00:00Z"),
      moreUrl: "https://status.example/",
    });
    expect(renderText(context)).toBe(
      [
        "Back at nine",
        "We move <house>.",
        "Expected end: Thursday, May 14, 20:00 UTC (2026-05-14T20:00:00Z)",
        "More information: https://status.example/\n",
      ].join("\n\n"),
    );
  });

  test("says that the sent data is lost, or perhaps lost, in the page's language", () => {
    const said = (sent: PageContext["sent"]) => renderText(pageContextOf({ sent, language: "de" }));
    expect(said("not-taken")).toContain("wurde nicht gespeichert");
    expect(said("check-first")).toContain("wurde vielleicht nicht gespeichert");
    expect(said(null)).not.toContain("gespeichert");
  });
});
