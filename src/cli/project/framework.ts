import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { MaintenanceError, messageOf } from "../../errors.ts";

/** The lines that an application needs, and where they belong. */
export interface Framework {
  readonly name: string;
  /** Whether its router treats `/SHOP` as `/shop` by default. */
  readonly ignoresCase: boolean;
  readonly lines: (config: ConfigImport) => readonly string[];
}

/** How the application imports files: with `require` in CommonJS that is not compiled. */
export interface ConfigImport {
  readonly file: string;
  readonly by: "import" | "require";
}

/** The first that is in the dependencies of package.json applies: a framework is listed before the one that it is based on. */
const FRAMEWORKS: readonly (Framework & { readonly packages: readonly string[] })[] = [
  {
    name: "Next",
    ignoresCase: false,
    packages: ["next"],
    lines: (config) => [
      "// In a custom server (https://nextjs.org/docs/app/guides/custom-server), before it listens:",
      ...inFrontOfServer(config),
    ],
  },
  {
    name: "Fastify",
    ignoresCase: false,
    packages: ["fastify"],
    lines: (config) => [...imports("guard", "node", config), "", "guard(app.server, createGate(config));"],
  },
  {
    name: "Hono on Node",
    ignoresCase: false,
    packages: ["@hono/node-server"],
    lines: (config) => [
      ...imports("guard", "node", config),
      "",
      "guard(serve(app), createGate(config)); // in place of serve(app): in front, the addresses of clients are known",
    ],
  },
  {
    name: "Hono",
    ignoresCase: false,
    packages: ["hono"],
    lines: (config) => [
      ...imports("fetchMaintenance", "fetch", config),
      "",
      "// Returns the address of a client. While it is unknown, no exempt address matches.",
      "//   Bun: (request, server) => server.requestIP(request)?.address",
      "//   Deno: (request, info) => info.remoteAddr.hostname",
      '//   Cloudflare Workers: (request) => request.headers.get("cf-connecting-ip") ?? undefined',
      "const address = () => undefined;",
      "const fetch = fetchMaintenance(createGate(config), app.fetch, { address });",
      "export default { fetch };",
    ],
  },
  {
    name: "Koa",
    ignoresCase: true,
    packages: ["koa"],
    lines: (config) => [...imports("guard", "node", config), "", "guard(app.listen(3000), createGate(config));"],
  },
  {
    name: "Express",
    ignoresCase: true,
    packages: ["express"],
    lines: (config) => [
      ...imports("expressMaintenance", "express", config),
      "",
      "app.use(expressMaintenance(createGate(config))); // after the session, before the routes",
    ],
  },
];

const NODE: Framework = { name: "node:http", ignoresCase: false, lines: inFrontOfServer };

/** Returns the framework of a project. `dependencies` are the names of all its kinds of dependencies. */
export function findFramework(dependencies: ReadonlySet<string>): Framework {
  return FRAMEWORKS.find(({ packages }) => packages.some((name) => dependencies.has(name))) ?? NODE;
}

function inFrontOfServer(config: ConfigImport): readonly string[] {
  return [...imports("guard", "node", config), "", "guard(server, createGate(config));"];
}

function imports(name: string, subpath: string, { file, by }: ConfigImport): readonly string[] {
  const modules = [
    ["{ createGate }", "maintenance-mode"],
    [`{ ${name} }`, `maintenance-mode/${subpath}`],
    [by === "import" ? "config" : "{ default: config }", `./${file}`],
  ];
  return modules.map(([names, module]) =>
    by === "import" ? `import ${names} from "${module}";` : `const ${names} = require("${module}");`,
  );
}

/** The members of a package.json that the commands use. */
export interface Manifest {
  readonly isModule: boolean;
  readonly dependencies: ReadonlySet<string>;
}

/** Returns an empty manifest if there is no file. */
export async function readManifest(path: string): Promise<Manifest> {
  if (!existsSync(path)) return { isModule: false, dependencies: new Set() };
  try {
    const manifest: unknown = JSON.parse(await readFile(path, "utf8"));
    const member = (name: string): unknown => Reflect.get(Object(manifest), name);
    const kinds = ["dependencies", "devDependencies", "peerDependencies"].map((kind) =>
      Object.keys(Object(member(kind))),
    );
    return { isModule: member("type") === "module", dependencies: new Set(kinds.flat()) };
  } catch (cause) {
    const hint = "Fix the file, and run the command again.";
    throw new MaintenanceError("ERR_CONFIG_FILE", `'${path}' cannot be read: ${messageOf(cause)}.`, { hint, cause });
  }
}
