import { describe, expect, test } from "vitest";
import { type Closure, closeBody, NOTHING_CHOSEN, withClosure } from "../../../../admin-ui/src/model/closure.ts";
import { editField, NO_EDITS } from "../../../../admin-ui/src/model/edits.ts";
import { NO_NOTICE } from "../../../../src/state/site-record.ts";
import { siteViewOf } from "../site-view-of.ts";

const german = { de: { title: "Umbau", message: "Alt" } };
const shop = siteViewOf({ notice: { ...NO_NOTICE, message: "Old", translations: german } });
const UNTIL = Date.UTC(2026, 4, 14, 20);

function sent(closure: Partial<Closure>, site = shop, edits = NO_EDITS) {
  return closeBody([site], { ...NOTHING_CHOSEN, ...closure }, UNTIL, { site, edits });
}

describe("the request that closes one site", () => {
  test("has only the end and the mode if no texts were chosen", () => {
    expect(sent({})).toEqual({ sites: ["shop"], mode: "closed", until: "2026-05-14T20:00:00Z" });
  });

  test("includes the other languages that are shown, if the message is new", () => {
    expect(sent({ message: "New " }).notice).toEqual({ message: "New", translations: german });
  });

  test("includes the message if one language has a text, and omits a language that was emptied", () => {
    const french = { fr: { title: "", message: "Bientôt" } };
    expect(sent({ texts: { fr: "Bientôt" } }).notice).toEqual({
      message: "Old",
      translations: { ...german, ...french },
    });
    const untitled = siteViewOf({ notice: { ...NO_NOTICE, translations: { de: { title: "", message: "Alt" } } } });
    expect(sent({ texts: { de: " " } }, untitled).notice).toEqual({ message: "", translations: {} });
  });

  test("includes unsaved input from other parts, except hosts", () => {
    const edits = editField(shop, editField(shop, NO_EDITS, "notice.title", "Typed"), "hosts", ["other.example"]);
    expect(sent({ message: "New" }, shop, edits)).toMatchObject({
      notice: { title: "Typed", message: "New", translations: german },
    });
    expect(sent({}, shop, edits)).not.toHaveProperty("hosts");
  });

  test("keeps the end of a closed site, unless another end is chosen", () => {
    const closed = siteViewOf({ mode: "read-only", until: "2026-05-14T20:00:00Z" });
    expect(sent({}, closed)).toEqual({ sites: ["shop"], mode: "read-only" });
    expect(sent({ end: { kind: "after", minutes: 30 } }, closed)).toMatchObject({ until: "2026-05-14T20:00:00Z" });
  });

  test("distinguishes addresses from paths", () => {
    const exempt = [
      { kind: "addresses", value: "10.0.0.0/8", description: "The office" },
      { kind: "paths", value: "/help/*", description: "" },
    ] as const;
    expect(sent({ exempt }).exempt).toEqual({
      addresses: [{ range: "10.0.0.0/8", description: "The office" }],
      paths: [{ pattern: "/help/*", description: "" }],
    });
    expect(withClosure(shop, { ...NOTHING_CHOSEN, exempt }).exemptions.paths).toHaveLength(1);
  });
});

test("the request that closes several sites has only what is chosen, so that each site keeps its other texts", () => {
  const sites = [shop, siteViewOf({ id: "blog" })];
  const body = (closure: Partial<Closure>) => closeBody(sites, { ...NOTHING_CHOSEN, ...closure }, null, null);
  expect(body({})).toEqual({ sites: ["shop", "blog"], mode: "closed", until: null });
  expect(body({ texts: { de: "Neu", fr: "" } }).notice).toEqual({
    translations: { de: { title: "", message: "Neu" } },
  });
});
