import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The root of the repository, with a slash at its end. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

export interface DocsPage {
  /** From the root: `docs/concepts.md`. */
  readonly path: string;
  /** Without the code between fences. */
  readonly prose: string;
  readonly blocks: readonly CodeBlock[];
}

export interface CodeBlock {
  /** The first word after the fence: `ts`, `sh`. */
  readonly language: string;
  /** The text after it, which readers do not see. */
  readonly title: string;
  readonly code: string;
  /** Where it begins: `README.md:12`. */
  readonly place: string;
}

const FENCED = /^```(\w*) *(.*)\n([\s\S]*?)^```$/gm;

export const DOCS_PAGES: readonly DocsPage[] = globSync(["*.md", "docs/**/*.md"], { cwd: ROOT })
  .filter((path) => path !== "CHANGELOG.md")
  .sort()
  .map(readPage);

function readPage(path: string): DocsPage {
  const text = readFileSync(`${ROOT}${path}`, "utf8");
  const blocks = [...text.matchAll(FENCED)].map(({ index, 1: language = "", 2: title = "", 3: code = "" }) => {
    return { language, title, code, place: `${path}:${text.slice(0, index).split("\n").length}` };
  });
  return { path, prose: text.replace(FENCED, ""), blocks };
}

/** All blocks of these languages, wherever they stand. */
export function blocksIn(...languages: readonly string[]): readonly CodeBlock[] {
  return DOCS_PAGES.flatMap(({ blocks }) => blocks).filter(({ language }) => languages.includes(language));
}
