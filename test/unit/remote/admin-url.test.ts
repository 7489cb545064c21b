import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAdminUrl } from "../../../src/admin/remote/admin-url.ts";
import { isMaintenanceError } from "../../../src/errors.ts";

describe("the URL of an admin", () => {
  test.each([
    ["https://ops.example/maintenance/", "https://ops.example/maintenance/"],
    ["https://ops.example/maintenance", "https://ops.example/maintenance/"],
    ["https://ops.example", "https://ops.example/"],
    ["https://ops.example/team/a/maintenance//", "https://ops.example/team/a/maintenance/"],
    ["https://ops.example/maintenance/#/sites/shop", "https://ops.example/maintenance/"],
    ["HTTPS://OPS.example:8443/m", "https://ops.example:8443/m/"],
    ["http://localhost:3000/maintenance", "http://localhost:3000/maintenance/"],
    ["http://app.localhost/maintenance", "http://app.localhost/maintenance/"],
    ["http://127.0.0.1:3000/", "http://127.0.0.1:3000/"],
    ["http://[::1]:3000/", "http://[::1]:3000/"],
  ])("is normalised: %s is %s", (given, url) => {
    expect(parseAdminUrl(given)).toBe(url);
  });

  test.each([
    ["ops.example/maintenance", "not an http address", "https://ops.example/maintenance/"],
    ["localhost:3000", "not an http address", "https://"],
    ["ftp://ops.example/", "not an http address", "https://"],
    ["", "not an http address", "https://"],
    ["http://ops.example/maintenance", "ops.example is reached without encryption", "https://ops.example/maintenance"],
    ["http://127.0.0.1.evil.example/", "without encryption", "https://"],
    ["http://localhost.evil.example/", "without encryption", "https://"],
    ["http://10.0.0.1/", "without encryption", "https://"],
    ["http://[::ffff:127.0.0.1]/", "without encryption", "https://"],
  ])("'%s' is refused, with the fix", (given, why, hint) => {
    expect(() => parseAdminUrl(given)).toThrow(
      expect.objectContaining({ code: "ERR_INVALID_OPTION", message: expect.stringContaining(why) }),
    );
    expect(() => parseAdminUrl(given)).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }));
  });

  test.each([
    "https://ada:hunter22@ops.example/",
    "https://hunter22@ops.example/",
    "https://ops.example/?token=hunter22",
    "http://ada:hunter22@ops.example/",
  ])("is refused without repeating a possible secret: %s", (given) => {
    try {
      parseAdminUrl(given);
      expect.unreachable();
    } catch (error) {
      if (!isMaintenanceError(error, "ERR_INVALID_OPTION")) throw error;
      expect(`${error.message} ${error.hint}`).not.toContain("hunter22");
    }
  });

  test("is always https or local, and stays the same if it is read again", () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ["http", "https"], withFragments: true }), (given) => {
        let url: string;
        try {
          url = parseAdminUrl(given);
        } catch (error) {
          return isMaintenanceError(error, "ERR_INVALID_OPTION");
        }
        return /^https:.*\/$/.test(url) && parseAdminUrl(url) === url;
      }),
    );
  });
});
