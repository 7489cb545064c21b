import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { DOCS_PAGES, ROOT } from "./docs-pages.ts";

const LINK = /\]\(([^)\s]+)\)/g;

describe.each(DOCS_PAGES)("$path", ({ path, prose }) => {
  const links = [...prose.matchAll(LINK)].map(([, target = ""]) => target).filter((target) => !/^\w+:/.test(target));

  test("names only tests that exist", () => {
    const named = [...prose.matchAll(/`(test\/[^`\s]+\.test\.ts)`/g)].map(([, file = ""]) => file);
    expect(named.filter((file) => !existsSync(`${ROOT}${file}`))).toEqual([]);
  });

  test("links only to files and headings that exist", () => {
    expect(links.filter((link) => !resolves(path, link))).toEqual([]);
  });
});

function resolves(from: string, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? from : join(dirname(from), file);
  if (!existsSync(`${ROOT}${target}`)) return false;
  if (anchor === undefined) return true;
  return DOCS_PAGES.some(({ path, prose }) => path === target && anchorsOf(prose).includes(anchor));
}

/** Returns the anchors that GitHub generates for the headings. */
function anchorsOf(prose: string): readonly string[] {
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
