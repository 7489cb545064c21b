import { expect, test } from "vitest";
import { objectStorageStore } from "../../../src/stores/object-storage.ts";
import { capabilitiesAsRows, capabilityRows } from "../../support/capability-rows.ts";

const keys = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "the-secret" };
const place = { endpoint: "https://s3.example", bucket: "state" };

test.each([
  [{ ...keys, bucket: "state" }, "endpoint"],
  [{ ...keys, ...place, endpoint: "s3.example" }, "found 's3.example'"],
  [{ ...keys, ...place, endpoint: "ftp://s3.example" }, "found 'ftp://s3.example'"],
  [{ ...keys, ...place, bucket: "a/b" }, "found 'a/b'"],
  [{ ...keys, ...place, key: "a/../b" }, "found 'a/../b'"],
  [{ ...keys, ...place, key: "/a" }, "found '/a'"],
  [{ ...keys, ...place, timeout: 0 }, "timeout"],
  [{ ...keys, ...place, buckt: "x" }, "'buckt'"],
  [{ ...place, accessKeyId: "AKIAEXAMPLE" }, "secretAccessKey"],
  [{ ...place, secretAccessKey: "the-secret" }, "accessKeyId"],
  [{ ...place, ...keys, fetch }, "Leave out either"],
  [{ ...place, fetch: "fetch" }, "fetch"],
])("refuses %j, naming the option and no secret", (options, wanted) => {
  let thrown: { code?: string; message?: string; hint?: string } = {};
  try {
    objectStorageStore(options as never);
  } catch (error) {
    thrown = error as typeof thrown;
  }
  expect(thrown.code).toBe("ERR_INVALID_OPTION");
  expect(`${thrown.message} ${thrown.hint}`).toContain(wanted);
  expect(`${thrown.message} ${thrown.hint}`).not.toContain("the-secret");
});

test("the name of the store shows the place and no key", () => {
  const store = objectStorageStore({ ...place, ...keys, key: "shop/state.json" });
  expect(store.name).toBe("object storage https://s3.example/state/shop/state.json");
});

test("docs/stores-object-storage.md lists the capabilities of the store", () => {
  expect(capabilityRows("stores-object-storage")).toMatchObject(
    capabilitiesAsRows(objectStorageStore({ ...place, ...keys }).capabilities),
  );
});
