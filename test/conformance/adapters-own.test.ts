import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RouteMark } from "../../src/adapters/adapter.ts";
import type { Gate } from "../../src/gate.ts";
import { adapterConformance } from "../../src/testing/adapters/conformance.ts";
import { DOCS_PAGES, ROOT } from "../package/docs-pages.ts";
import { serve } from "../support/serve.ts";

interface HookRequest {
  readonly raw: IncomingMessage;
  readonly routeOptions: { readonly config: { readonly maintenance?: RouteMark } };
}
interface HookReply {
  readonly raw: ServerResponse;
  hijack(): void;
}
type Hook = (request: HookRequest, reply: HookReply) => Promise<void>;

const MARKS: Readonly<Record<string, RouteMark>> = {
  "/forced-open": "forced-open",
  "/forced-closed": "forced-closed",
};

const block = DOCS_PAGES.find(({ path }) => path === "docs/adapters.md")?.blocks[0];

let folder: string;
let maintenanceHook: (gate: Gate) => Hook;

// Uses the built package, as an adapter's author does. The gates of the suite come from another copy of it.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "adapter-"));
  await mkdir(join(folder, "node_modules"));
  await symlink(ROOT, join(folder, "node_modules", "maintenance-mode"));
  await writeFile(join(folder, "package.json"), `{ "type": "module" }`);
  const { outputText } = ts.transpileModule(block?.code ?? "", {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  });
  const file = join(folder, "maintenance-hook.js");
  await writeFile(file, outputText);
  ({ maintenanceHook } = await import(file));
});

afterAll(() => rm(folder, { recursive: true }));

describe("the adapter of docs/adapters.md", () => {
  const cases = adapterConformance({
    routes: true,
    start(gate, app) {
      const hook = maintenanceHook(gate);
      const server = createServer(async (raw, response) => {
        let isHijacked = false;
        const [path = ""] = (raw.url ?? "").split("?");
        const maintenance = MARKS[path];
        const reply = {
          raw: response,
          hijack: () => {
            isHijacked = true;
          },
        };
        await hook({ raw, routeOptions: { config: maintenance === undefined ? {} : { maintenance } } }, reply);
        if (!isHijacked) app.listener(raw, response);
      });
      return serve(server);
    },
  });

  test("is short", () => {
    expect(block?.code.split("\n").length).toBeLessThanOrEqual(48);
  });

  for (const { name, run } of cases) test(name, run);
});
