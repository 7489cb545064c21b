import { describe, expect, test } from "vitest";
import { normalizeOptions } from "../../../src/config/normalize-options.ts";
import type { MaintenanceOptions } from "../../../src/config/options.ts";

// Options from JavaScript or JSON, which no compiler has checked.
const normalize = (options: unknown, environment = {}) => normalizeOptions(options as MaintenanceOptions, environment);

describe("an invalid value is refused at the start, with the place, the value and the fix", () => {
  test.each<[unknown, string, RegExp, RegExp]>([
    [5, "ERR_INVALID_OPTION", /the configuration: expected an object, found 5/, /./],
    [{ exemp: {} }, "ERR_INVALID_OPTION", /the configuration: unknown member 'exemp'/, /Did you mean 'exempt'\?/],
    [{ exempt: { path: ["/a"] } }, "ERR_INVALID_OPTION", /exempt: unknown member 'path'/, /Did you mean 'paths'\?/],
    [{ nonsensical: 1 }, "ERR_INVALID_OPTION", /unknown member 'nonsensical'/, /It may have: store, sites/],
    [
      { exempt: { addresses: ["10.0.0.0/40"] } },
      "ERR_INVALID_ADDRESS",
      /exempt\.addresses\[0\]: .*10\.0\.0\.0\/40/,
      /./,
    ],
    [{ exempt: { addresses: ["10.1"] } }, "ERR_INVALID_ADDRESS", /10\.1/, /./],
    [{ exempt: { paths: ["health"] } }, "ERR_INVALID_PATTERN", /exempt\.paths\[0\]: .*'health'/, /\/health/],
    [
      { exempt: { paths: "/health" } },
      "ERR_INVALID_OPTION",
      /exempt\.paths: expected a list, found '\/health'/,
      /^Write \["\/health"\]\.$/,
    ],
    [
      { exempt: { paths: ["/a", { pattern: "health" }] } },
      "ERR_INVALID_PATTERN",
      /exempt\.paths\[1\]\.pattern: .*'health'/,
      /\/health/,
    ],
    [
      { exempt: { paths: [{ pattern: "/a", pattren: "/b" }] } },
      "ERR_INVALID_OPTION",
      /exempt\.paths\[0\]: unknown member 'pattren'/,
      /Did you mean 'pattern'/,
    ],
    [
      { exempt: { addresses: [{ description: "office" }] } },
      "ERR_INVALID_OPTION",
      /exempt\.addresses\[0\]\.range is missing/,
      /./,
    ],
    [
      { exempt: { addresses: [{ range: "10.1", description: "office" }] } },
      "ERR_INVALID_ADDRESS",
      /exempt\.addresses\[0\]\.range: .*10\.1/,
      /./,
    ],
    [
      { exempt: { addresses: [{ range: "10.0.0.1", description: "x".repeat(501) }] } },
      "ERR_INVALID_OPTION",
      /exempt\.addresses\[0\]\.description: .*500 characters/,
      /./,
    ],
    [
      { exempt: { addresses: [5] } },
      "ERR_INVALID_OPTION",
      /exempt\.addresses\[0\]: expected a string or an object, found 5/,
      /./,
    ],
    [{ exempt: { methods: ["GET POST"] } }, "ERR_INVALID_OPTION", /'GET POST' is not a method/, /./],
    [
      { exempt: { users: "staff" } },
      "ERR_INVALID_OPTION",
      /exempt\.users: expected a function or an object, found 'staff'/,
      /./,
    ],
    [{ exempt: { users: { stuff: true } } }, "ERR_INVALID_OPTION", /exempt\.users: unknown member 'stuff'/, /'staff'/],
    [
      { cors: { origins: ["https://a.example/"] } },
      "ERR_INVALID_OPTION",
      /origins\[0\]: .*'https:\/\/a\.example\/' is not/,
      /'https:\/\/a\.example'/,
    ],
    [
      { cors: { origins: "https://a.example" } },
      "ERR_INVALID_OPTION",
      /origins: expected '\*' or a list, found 'https:/,
      /^Write \["https:/,
    ],
    [{ template: { fil: "a.html" } }, "ERR_INVALID_OPTION", /template\.file is missing/, /./],
    [
      { template: "x.html" },
      "ERR_INVALID_OPTION",
      /template: expected a function, \{ file \} or \{ view \}, found 'x\.html'/,
      /^Write \{ file: "x\.html" \}\.$/,
    ],
    [{ template: 5 }, "ERR_INVALID_OPTION", /template: expected a function, \{ file \} or \{ view \}, found 5/, /./],
    [{ template: { view: "" } }, "ERR_INVALID_OPTION", /template\.view/, /./],
    [{ template: { file: "a", view: "b" } }, "ERR_INVALID_OPTION", /template: unknown member 'file'/, /./],
    [{ trustProxy: [1] }, "ERR_INVALID_OPTION", /trustProxy\[0\]: expected a string, found 1/, /./],
    [{ trustProxy: true }, "ERR_INVALID_OPTION", /trustProxy: .*found true/, /./],
    [{ logOut: { staff: true } }, "ERR_INVALID_OPTION", /logOut\.end is missing/, /./],
    [{ sites: { Shop: {} } }, "ERR_INVALID_SITE_ID", /'Shop'/, /'shop'/],
    [{ sites: { shop: { hosts: ["http://shop.example"] } } }, "ERR_INVALID_HOST", /http:\/\/shop\.example/, /./],
    [
      { sites: { a: { hosts: ["x.example"] }, b: { hosts: ["X.example"] } } },
      "ERR_INVALID_OPTION",
      /'a' and 'b' both claim the host 'x\.example'/,
      /./,
    ],
    [{ sites: JSON.parse('{ "__proto__": {} }') }, "ERR_INVALID_SITE_ID", /sites\.__proto__: '__proto__' is not/, /./],
    [{ sites: { constructor: { hosts: 5 } } }, "ERR_INVALID_OPTION", /sites\.constructor\.hosts: .*found 5/, /./],
    [
      { sites: { prototype: { host: [] } } },
      "ERR_INVALID_OPTION",
      /sites\.prototype: unknown member 'host'/,
      /'hosts'/,
    ],
    [{ sites: { "*": { hosts: ["x.example"] } } }, "ERR_INVALID_OPTION", /'\*' stands for all/, /./],
    [{ retryAfter: 86_401 }, "ERR_INVALID_OPTION", /retryAfter: 86401/, /86400, a day/],
    [{ retryAfter: Number.NaN }, "ERR_INVALID_OPTION", /retryAfter: .*NaN/, /./],
    [{ refresh: 1e9 }, "ERR_INVALID_OPTION", /refresh: 1000000000/, /86400, a day/],
    [{ statusCode: 200 }, "ERR_INVALID_STATUS", /statusCode: 200/, /503/],
    [{ retryAfter: 1.5 }, "ERR_INVALID_OPTION", /retryAfter: 1\.5/, /./],
    [{ redirect: "down" }, "ERR_INVALID_OPTION", /redirect: 'down'/, /./],
    [{ redirect: "/a\nb" }, "ERR_INVALID_HEADER", /line break/, /./],
    [
      { responseType: "xml" },
      "ERR_INVALID_OPTION",
      /responseType: expected a function, 'html', 'json' or 'text', found 'xml'/,
      /^Write one of: html, json, text\.$/,
    ],
    [{ trustProxy: -1 }, "ERR_INVALID_OPTION", /-1/, /./],
    [{ trustProxy: ["10.0.0.0/99"] }, "ERR_INVALID_ADDRESS", /10\.0\.0\.0\/99/, /./],
    [{ override: true }, "ERR_INVALID_OPTION", /override: expected 'on' or 'off', found true/, /./],
    [{ pollInterval: 10 }, "ERR_INVALID_OPTION", /pollInterval: expected at least 100, found 10\./, /./],
    [{ pollInterval: 100.5 }, "ERR_INVALID_OPTION", /pollInterval: expected a whole number, found 100\.5\./, /./],
    [{ ignoreCase: "yes" }, "ERR_INVALID_OPTION", /ignoreCase: expected true or false, found 'yes'/, /./],
    [
      { trustProxy: {} },
      "ERR_INVALID_OPTION",
      /trustProxy: expected a number, a string or a list, found an object/,
      /./,
    ],
    [{ store: {} }, "ERR_INVALID_OPTION", /store: expected a store, such as fileStore\(\)/, /./],
    [{ logger: { log() {} } }, "ERR_INVALID_OPTION", /logger: expected a logger with debug, info, warn and error/, /./],
  ])("%j", (options, code, message, hint) => {
    expect(() => normalize(options)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message), hint: expect.stringMatching(hint) }),
    );
  });

  test.each(["maybe", "2", "constructor"])(
    "MAINTENANCE_MODE=%s in the environment is an override",
    (MAINTENANCE_MODE) => {
      expect(() => normalize({}, { MAINTENANCE_MODE })).toThrow(
        expect.objectContaining({
          code: "ERR_INVALID_OPTION",
          message: `MAINTENANCE_MODE is '${MAINTENANCE_MODE}' in the environment.`,
        }),
      );
    },
  );
});

test("every option has a default", () => {
  expect(normalize(undefined)).toMatchObject({
    store: null,
    response: { status: 503, retryAfter: null, refresh: 0, redirect: null, type: null },
    exempt: { users: null, testRun: false },
    override: null,
    whenNeverLoaded: "open",
    fleet: "presence",
  });
});

test.each([
  ["as a module that was required", { default: { statusCode: 502 } }],
  ["as one that was compiled to CommonJS", { default: { default: { statusCode: 502 }, __esModule: true } }],
])("the configuration can come %s", (_how, options) => {
  expect(normalize(options).response.status).toBe(502);
});

test("hosts, methods and redirects are normalised", () => {
  const options = {
    sites: { shop: { hosts: ["Shop.Example."] } },
    exempt: { methods: ["purge"] },
    redirect: "/down page",
  };
  const normal = normalize(options);
  expect(normal.sites.get("shop")).toEqual(["shop.example"]);
  expect([...normal.exempt.methods]).toEqual(["PURGE"]);
  expect(normal.response.redirect).toBe("/down%20page");
});

test("functions keep their `this`", () => {
  const options = {
    pollInterval: 500,
    getUser() {
      return this.pollInterval;
    },
  };
  expect(normalize(options).getUser?.({})).toBe(500);
});

test.each([
  [{ MAINTENANCE_MODE: "on" }, undefined, "closed", "MAINTENANCE_MODE=on in the environment"],
  [{ MAINTENANCE_MODE: " OFF " }, "on", "open", "MAINTENANCE_MODE=OFF in the environment"],
  [{ MAINTENANCE_MODE: "True" }, undefined, "closed", "MAINTENANCE_MODE=True in the environment"],
  [{ MAINTENANCE_MODE: "yes" }, undefined, "closed", "MAINTENANCE_MODE=yes in the environment"],
  [{ MAINTENANCE_MODE: "1" }, "off", "closed", "MAINTENANCE_MODE=1 in the environment"],
  [{ MAINTENANCE_MODE: "false" }, "on", "open", "MAINTENANCE_MODE=false in the environment"],
  [{ MAINTENANCE_MODE: "0" }, undefined, "open", "MAINTENANCE_MODE=0 in the environment"],
  [{ MAINTENANCE_MODE: "" }, "on", "closed", 'override: "on" in the configuration'],
])("the environment %j and the option %s give %s", (environment, override, mode, where) => {
  expect(normalize({ override }, environment).override).toEqual({ mode, where });
});

describe("the list of processes", () => {
  test("has a row of each process, unless the configuration says otherwise", () => {
    expect(normalize({})).toMatchObject({ fleet: "presence", label: null, whenNeverLoaded: "open" });
    expect(normalize({ fleet: false, label: "web-3" })).toMatchObject({ fleet: false, label: "web-3" });
  });

  test("names a process by its environment first", () => {
    const environment = { MAINTENANCE_LABEL: " web-4 " };
    expect(normalize({ label: "web-3" }, environment).label).toBe("web-4");
    expect(normalize({ label: "web-3" }, { MAINTENANCE_LABEL: "" }).label).toBe("web-3");
    expect(() => normalize({}, { MAINTENANCE_LABEL: "a\nb" })).toThrow(/is not one line of text/);
  });

  test("closes a process that has never loaded the state if it is strict", () => {
    expect(normalize({ fleet: "strict" }).whenNeverLoaded).toBe("closed");
    expect(normalize({ fleet: "strict", whenNeverLoaded: "closed" }).whenNeverLoaded).toBe("closed");
    expect(() => normalize({ fleet: "strict", whenNeverLoaded: "open" })).toThrow(
      expect.objectContaining({
        code: "ERR_INVALID_OPTION",
        message: expect.stringMatching(/whenNeverLoaded: 'open' contradicts fleet: 'strict'/),
      }),
    );
  });

  test.each(["on", true, null])("refuses %s", (fleet) => {
    expect(() => normalize({ fleet })).toThrow(/fleet: expected 'presence', 'strict' or false/);
  });
});
