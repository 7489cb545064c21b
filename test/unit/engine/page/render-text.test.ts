import { describe, expect, test } from "vitest";
import { renderText } from "../../../../src/engine/page/render-text.ts";
import { pageContextOf } from "./page-context-of.ts";

describe("renderText", () => {
  test("says what the page says, with the time in UTC", () => {
    const context = pageContextOf({
      title: "Back at nine",
      message: "We move <house>.",
      until: Date.parse("2026-05-14T20:00:00Z"),
      url: "https://status.example/",
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

  test("read-only says that a change was not saved, in the page's language", () => {
    expect(renderText(pageContextOf({ mode: "read-only", language: "de" }))).toContain("nicht gespeichert");
  });
});
