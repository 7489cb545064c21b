import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The root of the repository, with a trailing slash. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));

export interface DocsPage {
  /** The path relative to the root: `docs/concepts.md`. */
  readonly path: string;
  /** The text without the fenced code. */
  readonly prose: string;
  readonly blocks: readonly CodeBlock[];
}

export interface CodeBlock {
  /** The first word after the fence: `ts`, `sh`. */
  readonly language: string;
  /** The text after the language, which readers do not see. */
  readonly title: string;
  readonly code: string;
  /** The position of the block: `README.md:12`. */
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

/** Returns all blocks in these languages, on every page. */
export function blocksIn(...languages: readonly string[]): readonly CodeBlock[] {
  return DOCS_PAGES.flatMap(({ blocks }) => blocks).filter(({ language }) => languages.includes(language));
}
