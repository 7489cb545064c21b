import { describe, expect, test } from "vitest";
import { ROUTES } from "../../../src/admin/api/routes.ts";
import { closeBody, openBody } from "../../../src/admin/schema/requests.ts";
import { validateCommand } from "../../../src/control/apply/validate-command.ts";
import { adminUnderTest } from "./admin-under-test.ts";
import { DOCUMENT, OPERATIONS, validatorOf } from "./description-check.ts";

describe("the API's description", () => {
  test("is the same for every caller", async () => {
    const under = adminUnderTest();
    const { status, json } = await under.ask("GET openapi.json", undefined, { "x-user": "" });
    expect(status).toBe(200);
    expect(json).toEqual(DOCUMENT);
    expect(json.openapi).toMatch(/^3\.1\.\d$/);
    await under.close();
  });

  test("has every route, and no other", () => {
    const described = OPERATIONS.map(({ method, path }) => `${method} ${path}`).sort();
    expect(described).toEqual(ROUTES.map(({ method, path }) => `${method} /${path}`).sort());
  });

  test("names each operation once, with a complete summary", () => {
    const ids = OPERATIONS.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { summary } of ROUTES) expect(summary).toMatch(/^[A-Z].*\.$/);
  });

  test.each(OPERATIONS)("$method $path has valid parameters and schemas", (operation) => {
    const named = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
    expect(inPath.map(({ name }) => name)).toEqual(named);
    const contents = [
      ...Object.values(operation.requestBody?.content ?? {}),
      ...Object.values(operation.responses).flatMap(({ content }) => Object.values(content ?? {})),
    ];
    for (const { schema } of contents) if (schema !== undefined) expect(validatorOf(schema)).toBeTypeOf("function");
  });

  test("describes exactly the bodies that are accepted", () => {
    const validate = validatorOf({ $ref: "#/components/schemas/Close" });
    expect(validate({ sites: ["shop"], exempt: { addresses: [{ range: "10.0.0.0/8" }] } })).toBe(true);
    expect(validate({ sites: [] })).toBe(false);
    expect(validate({ sites: ["shop"], mode: "paused" })).toBe(false);
    expect(validate({ sites: ["shop"], until: "2026-12-01T06:00:00Z", nonsense: 1 })).toBe(false);
  });
});

test.each([
  ["close", closeBody],
  ["open", openBody],
] as const)("describes the body of %s with every member of the command, and `dryRun`", (type, schema) => {
  const members = Object.keys(Reflect.get(schema, "entries")).filter((name) => name !== "dryRun");
  const misspelt = { type, nonsense: true };
  expect(() => validateCommand(misspelt)).toThrow();
  for (const member of members) {
    // The value may be refused, but not the name.
    expect(() => validateCommand({ type, sites: ["shop"], [member]: Symbol() })).not.toThrow(/has no/);
  }
});
