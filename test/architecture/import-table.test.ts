import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { areaOf, IMPORT_TABLE, NODE_ONLY, NODE_TYPES, refusal } from "./import-table.ts";
import { type Import, packageOf, ROOT, readSourceTree, resolveImport } from "./source-tree.ts";

const files = readSourceTree("src");
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** Returns one line for each import that `judge` refuses. */
function refused(judge: (path: string, made: Import) => string | undefined): readonly string[] {
  return files.flatMap((file) =>
    file.imports.flatMap((made) => {
      const reason = judge(file.path, made);
      return reason === undefined ? [] : [`src/${file.path}:${made.line}: ${reason}`];
    }),
  );
}

describe("imports in src/", () => {
  test("every file belongs to an area of the table", () => {
    expect(files.map((file) => file.path).filter((path) => areaOf(path) === undefined)).toEqual([]);
  });

  test("no area imports another without permission", () => {
    const found = refused((path, { specifier, typeOnly }) => {
      const target = specifier.startsWith("#") ? specifier : resolveImport(path, specifier);
      return target === undefined ? undefined : refusal(path, target, typeOnly);
    });
    expect(found).toEqual([]);
  });

  test("the command line does not import the internals of adapters", () => {
    expect(refusal("cli/status.ts", "adapters/node/facts.ts", false)).toBeDefined();
  });

  test("a request cannot reach the controller, and the controller knows no framework", () => {
    for (const from of ["adapters/express.ts", "gate.ts", "feed/feed.ts", "engine/decide/decide.ts"]) {
      expect(refusal(from, "control/controller.ts", true)).toContain("may not import control/controller.ts");
    }
    for (const target of ["adapters/express.ts", "gate.ts", "feed/feed.ts"]) {
      expect(refusal("control/controller.ts", target, true)).toContain(`may not import ${target}`);
    }
  });

  test("a types-only permission does not allow values", () => {
    expect(refusal("engine/decide/decide.ts", "config/normal-options.ts", true)).toBeUndefined();
    expect(refusal("engine/decide/decide.ts", "config/normal-options.ts", false)).toContain("more than types");
  });

  test("every relative import names a file that exists, with its extension", () => {
    const known = new Set(files.map((file) => file.path));
    const found = refused((path, { specifier }) => {
      const target = resolveImport(path, specifier);
      return target === undefined || known.has(target) ? undefined : `there is no src/${target}`;
    });
    expect(found).toEqual([]);
  });

  test("only files for Node import node: modules", () => {
    const found = refused((path, { specifier, typeOnly }) =>
      specifier.startsWith("node:") && !(typeOnly ? NODE_TYPES : NODE_ONLY).some((start) => path.startsWith(start))
        ? `${specifier} is not to be had in every runtime`
        : undefined,
    );
    expect(found).toEqual([]);
  });

  test("the entries for adapters on Workers load no node: module", () => {
    const byPath = new Map(files.map((file) => [file.path, file]));
    const loaded = new Set(["adapters/adapter.ts", "adapters/fetch.ts"]);
    const found: string[] = [];
    for (const path of loaded) {
      for (const { specifier, typeOnly } of byPath.get(path)?.imports ?? []) {
        const target = resolveImport(path, specifier);
        if (typeOnly) continue;
        if (target !== undefined) loaded.add(target);
        else if (specifier.startsWith("node:")) found.push(`${path} imports ${specifier}`);
      }
    }
    expect(found).toEqual([]);
  });

  test("only areas that the table names import a package", () => {
    const found = refused((path, { specifier }) => {
      if (/^[.#]|^node:/.test(specifier)) return undefined;
      const name = packageOf(specifier);
      return areaOf(path)?.packages?.includes(name) ? undefined : `${areaOf(path)?.name} may not import ${name}`;
    });
    expect(found).toEqual([]);
  });
});

describe("packages", () => {
  const allowed = new Set(IMPORT_TABLE.flatMap((area) => area.packages ?? []));

  test("every package of the table is a dependency, an optional peer, or bundled", () => {
    for (const name of allowed) {
      const isOptionalPeer = name in (manifest.peerDependencies ?? {}) && manifest.peerDependenciesMeta[name]?.optional;
      const isBundled = name in manifest.devDependencies;
      expect(name in manifest.dependencies || isOptionalPeer || isBundled, name).toBe(true);
    }
  });

  test("every dependency is imported", () => {
    const imported = new Set(files.flatMap((file) => file.imports.map((made) => packageOf(made.specifier))));
    expect(Object.keys(manifest.dependencies).filter((name) => !imported.has(name))).toEqual([]);
  });

  test("no framework or database driver is a dependency, and every peer is optional", () => {
    const drivers =
      /^(express|fastify|koa|hono|next|redis|ioredis|pg|mysql2|better-sqlite3|kysely|keyv|unstorage|@nats-io)/;
    expect(Object.keys(manifest.dependencies).filter((name) => drivers.test(name))).toEqual([]);
    for (const name of Object.keys(manifest.peerDependencies ?? {})) {
      expect(manifest.peerDependenciesMeta?.[name]?.optional, name).toBe(true);
    }
  });
});
