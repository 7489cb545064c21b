import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RouteMark } from "../../src/adapters/adapter.ts";
import type { Gate } from "../../src/gate.ts";
import { adapterConformance } from "../../src/testing/adapters/conformance.ts";
import { DOCS_PAGES, ROOT } from "../package/docs-pages.ts";
import { fetchServer } from "../support/fetch-bridge.ts";
import { serve } from "../support/serve.ts";

interface HookRequest {
  readonly raw: IncomingMessage;
  readonly headers: IncomingHttpHeaders;
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

interface MiddlewareRequest {
  readonly raw: Request;
  readonly headers: Headers;
  readonly address: string | undefined;
}
type Middleware = (request: MiddlewareRequest, next: () => Promise<Response>) => Promise<Response>;

const blocks = DOCS_PAGES.find(({ path }) => path === "docs/adapters.md")?.blocks.slice(0, 2) ?? [];

let folder: string;
let maintenanceHook: (gate: Gate) => Hook;
let maintenanceMiddleware: (gate: Gate) => Middleware;

// Uses the built package, as an adapter's author does. The gates of the suite come from another copy of it.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "adapter-"));
  await mkdir(join(folder, "node_modules"));
  await symlink(ROOT, join(folder, "node_modules", "maintenance-mode"));
  await writeFile(join(folder, "package.json"), `{ "type": "module" }`);
  const compilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
  };
  const [hook, middleware] = blocks.map(async ({ code }, index) => {
    const file = join(folder, `adapter-${index}.js`);
    await writeFile(file, ts.transpileModule(code, { compilerOptions }).outputText);
    return import(file);
  });
  ({ maintenanceHook } = await hook);
  ({ maintenanceMiddleware } = await middleware);
});

afterAll(() => rm(folder, { recursive: true }));

describe("the adapter of docs/adapters.md", () => {
  const cases = adapterConformance({
    middleware: true,
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
        app.middleware(raw, response);
        const config = maintenance === undefined ? {} : { maintenance };
        await hook({ raw, headers: raw.headers, routeOptions: { config } }, reply);
        if (!isHijacked) app.listener(raw, response);
      });
      return serve(server);
    },
  });

  test("is short", () => {
    for (const { code } of blocks) expect(code.split("\n").length).toBeLessThanOrEqual(56);
  });

  for (const { name, run } of cases) test(name, run);
});

describe("the fetch adapter of docs/adapters.md", () => {
  const cases = adapterConformance({
    async start(gate, app) {
      const middleware = maintenanceMiddleware(gate);
      return serve(
        fetchServer((raw, { address }) => middleware({ raw, headers: raw.headers, address }, () => app.fetch(raw))),
      );
    },
  });
  for (const { name, run } of cases) test(name, run);
});
