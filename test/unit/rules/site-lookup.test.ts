import { expect, test } from "vitest";
import { findHostConflict, type SiteEntry } from "../../../src/rules/hosts/site-lookup.ts";

test("the first host that two sites have is reported", () => {
  const site = (value: string, ...hosts: string[]): SiteEntry<string> => ({ value, hosts });
  const entries = [site("a", "a.example"), site("b", "b.example", "a.example"), site("c", "*.example", "*.example")];
  expect(findHostConflict(entries)).toEqual({ host: "a.example", first: "a", second: "b" });
  expect(findHostConflict(entries.slice(1))).toBeNull();
});
