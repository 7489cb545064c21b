import { expect, test } from "vitest";
import { defineMaintenanceNotice } from "../../../src/client/maintenance-notice.ts";

test("where there are no elements, as on a server, nothing is defined and nothing fails", () => {
  const before = Reflect.ownKeys(globalThis);
  expect(defineMaintenanceNotice()).toBeUndefined();
  expect(Reflect.ownKeys(globalThis)).toEqual(before);
});
