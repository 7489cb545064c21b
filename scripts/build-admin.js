// Builds the admin's page from admin-ui/ into dist/admin/page-assets.js: text in a module, so that whatever bundles the library
// takes the page along, and nothing is looked up on a disk when it runs.
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const LARGEST = 60 * 1024;
const TYPES = { js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8" };
const DECLARATION = `/** The admin's page, by the names under which its HTML asks for it. */
export declare const PAGE_ASSETS: {
  readonly script: string;
  readonly style: string;
  readonly files: Readonly<Record<string, { readonly type: string; readonly text: string }>>;
};
`;

const root = fileURLToPath(new URL("../admin-ui", import.meta.url));
const target = new URL("../dist/admin/", import.meta.url);

/** Fails when the page is larger than an operator on a phone should wait for. */
export async function buildAdmin() {
  const { output } = await build({ root, logLevel: "warn", build: { write: false } });
  const files = Object.fromEntries(output.flatMap(toFile));
  const size = Object.values(files).reduce((sum, { text }) => sum + gzipSync(text).length, 0);
  if (size > LARGEST) throw new Error(`The admin's page has ${size} bytes compressed, of ${LARGEST} allowed.`);
  const nameOf = (end) => Object.keys(files).find((name) => name.endsWith(end)) ?? "";
  const assets = { script: nameOf(".js"), style: nameOf(".css"), files };
  await mkdir(target, { recursive: true });
  await writeFile(new URL("page-assets.js", target), `export const PAGE_ASSETS = ${JSON.stringify(assets)};\n`);
  await writeFile(new URL("page-assets.d.ts", target), DECLARATION);
}

/** The HTML is the server's own. */
function toFile(part) {
  const type = TYPES[part.fileName.split(".").at(-1)];
  if (type === undefined) return [];
  return [[part.fileName, { type, text: part.type === "chunk" ? part.code : String(part.source) }]];
}
