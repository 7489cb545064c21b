import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  conflictsOf,
  type Edits,
  editField,
  NO_EDITS,
  resolveConflict,
  settleEdits,
  shownValue,
  valuesOf,
} from "../../../../admin-ui/src/model/edits.ts";
import { settingsWith } from "../../../../admin-ui/src/model/field.ts";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { siteViewOf } from "../site-view-of.ts";

const titled = (title: string): SiteView => siteViewOf({ notice: { ...siteViewOf().notice, title } });
const typed = (title: string): Edits => editField(titled("Old"), NO_EDITS, "notice.title", title);

describe("an edit", () => {
  test("is shown instead of the stored value", () => {
    expect(shownValue(titled("Old"), typed("New"), "notice.title")).toBe("New");
    expect(shownValue(titled("Old"), NO_EDITS, "notice.title")).toBe("Old");
  });

  test("does not count if it equals the stored value", () => {
    expect(editField(titled("Old"), typed("New"), "notice.title", "Old")).toEqual({});
  });

  test("can clear a field that has a value", () => {
    const site = siteViewOf({ response: { ...siteViewOf().response, statusCode: 500 } });
    const edits = editField(site, NO_EDITS, "response.statusCode", null);
    expect(shownValue(site, edits, "response.statusCode")).toBe(null);
    expect(settingsWith(site, valuesOf(edits))).toEqual({ response: { ...site.response, statusCode: null } });
  });

  test("conflicts only if another user has stored another value", () => {
    expect(conflictsOf(titled("Old"), typed("Mine"))).toEqual([]);
    expect(conflictsOf(titled("Theirs"), typed("Mine"))).toEqual([
      { key: "notice.title", yours: "Mine", theirs: "Theirs" },
    ]);
    expect(conflictsOf(titled("Mine"), typed("Mine"))).toEqual([]);
  });

  test("still conflicts if the user types on after the other user's change", () => {
    const edits = editField(titled("Theirs"), typed("Mine"), "notice.title", "Mine, longer");
    expect(conflictsOf(titled("Theirs"), edits)).toHaveLength(1);
  });

  test("is kept or dropped in a conflict, as chosen", () => {
    const theirs = titled("Theirs");
    const kept = resolveConflict(theirs, typed("Mine"), "notice.title", "yours");
    expect(conflictsOf(theirs, kept)).toEqual([]);
    expect(shownValue(theirs, kept, "notice.title")).toBe("Mine");
    expect(resolveConflict(theirs, typed("Mine"), "notice.title", "theirs")).toEqual({});
  });

  test("survives a change of the site, unless the site then has the same value", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (mine, changes) => {
        let edits = typed(mine);
        for (const title of changes) edits = settleEdits(titled(title), edits);
        const stored = ["Old", ...changes].includes(mine);
        expect(valuesOf(edits)).toEqual(stored ? {} : { "notice.title": mine });
      }),
    );
  });
});
