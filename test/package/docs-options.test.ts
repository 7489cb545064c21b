import type * as v from "valibot";
import { describe, expect, test } from "vitest";
import { normalizeOptions } from "../../src/config/normalize-options.ts";
import { optionsSchema } from "../../src/config/options-schema.ts";
import { blocksIn, DOCS_PAGES } from "./docs-pages.ts";

const page = DOCS_PAGES.find(({ path }) => path === "docs/configuration.md");
const keys = keysOf(optionsSchema);
const rows = [...(page?.prose ?? "").matchAll(/^\| `([a-z][\w.]*)` \|/gm)].map(([, key = ""]) => key);
const set = (page?.blocks ?? []).flatMap(({ code }) => [...code.matchAll(/(\w+)(?=:)/g)].map(([name]) => name));

describe("docs/configuration.md", () => {
  test("lists every option of the schema, and no other", () => {
    expect(rows.toSorted()).toEqual(keys.toSorted());
  });

  test.each(keys)("shows %s in an example", (key) => {
    expect(set).toContain(key.split(".").at(-1));
  });

  test("has a valid configuration in JSON", () => {
    const [block, ...others] = blocksIn("json").filter(({ title }) => title === "maintenance.config.json");
    expect(others).toEqual([]);
    expect(normalizeOptions(JSON.parse(block?.code ?? ""), {}).response.retryAfter).toBe(600);
  });
});

/** Returns the keys of a schema and of its nested schemas, joined with dots. `ID` stands for the keys of a record, which users choose. */
function keysOf(schema: unknown, prefix = ""): readonly string[] {
  const { entries, wrapped, options, value, pipe } = schema as Partial<
    Record<"wrapped" | "value", v.GenericSchema> & {
      entries: Record<string, v.GenericSchema>;
      options: readonly unknown[];
      pipe: readonly unknown[];
    }
  >;
  if (entries !== undefined) {
    return Object.entries(entries).flatMap(([key, inner]) => [`${prefix}${key}`, ...keysOf(inner, `${prefix}${key}.`)]);
  }
  if (wrapped !== undefined) return keysOf(wrapped, prefix);
  if (value !== undefined) return keysOf(value, `${prefix}ID.`);
  const inner = (pipe ?? options ?? []).filter((part) => typeof part === "object");
  return inner.flatMap((part) => keysOf(part, prefix));
}
