// Builds the admin's page from admin-ui/ into dist/admin/page-assets.js. It is text in a module, so that bundlers of the library
// include the page, and no file is read at run time.
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
  readonly languages: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, { readonly type: string; readonly text: string }>>;
};
`;

const root = fileURLToPath(new URL("../admin-ui", import.meta.url));
const target = new URL("../dist/admin/", import.meta.url);

/** The file of a language in the folder of the texts: its tag in lower case. */
const TEXTS = /\/admin-ui\/src\/texts\/([\w-]+)\.ts$/;

/** Fails if the page in one language is too large for an operator on a phone. */
export async function buildAdmin() {
  const { output } = await build({ root, logLevel: "warn", build: { write: false } });
  const files = Object.fromEntries(output.flatMap(toFile));
  const sizeOf = (name) => gzipSync(files[name].text).length;
  const script = output.find((part) => part.type === "chunk" && part.isEntry).fileName;
  const style = Object.keys(files).find((name) => name.endsWith(".css"));
  const languages = Object.fromEntries(output.flatMap(toLanguage));
  const size = sizeOf(script) + sizeOf(style) + Math.max(0, ...Object.values(languages).map(sizeOf));
  if (size > LARGEST) throw new Error(`The admin's page has ${size} bytes compressed, of ${LARGEST} allowed.`);
  const known = new Set([script, style, ...Object.values(languages)]);
  const others = Object.keys(files).filter((name) => !known.has(name));
  if (others.length > 0) throw new Error(`The admin's page has files that are no language: ${others.join(", ")}.`);
  const assets = { script, style, languages, files };
  await mkdir(target, { recursive: true });
  await writeFile(new URL("page-assets.js", target), `export const PAGE_ASSETS = ${JSON.stringify(assets)};\n`);
  await writeFile(new URL("page-assets.d.ts", target), DECLARATION);
}

/** The HTML comes from the server. */
function toFile(part) {
  const type = TYPES[part.fileName.split(".").at(-1)];
  if (type === undefined) return [];
  return [[part.fileName, { type, text: part.type === "chunk" ? part.code : String(part.source) }]];
}

/** The texts of each language are a separate chunk, which only the script imports. */
function toLanguage(part) {
  if (part.type !== "chunk" || part.isEntry) return [];
  const [, file] = TEXTS.exec(part.facadeModuleId ?? "") ?? [];
  return file === undefined ? [] : [[new Intl.Locale(file).baseName, part.fileName]];
}
