import { expect, test } from "vitest";
import { defineMaintenanceNotice } from "../../../src/client/maintenance-notice.ts";

test("defineMaintenanceNotice does nothing where there are no elements, as on a server", () => {
  const before = Reflect.ownKeys(globalThis);
  expect(defineMaintenanceNotice()).toBeUndefined();
  expect(Reflect.ownKeys(globalThis)).toEqual(before);
});
