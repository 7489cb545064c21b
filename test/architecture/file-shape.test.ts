import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { readSourceTree } from "./source-tree.ts";

const MAX_LINES = 400;
/** The admin's texts in one language are one file, for the sake of translators. */
const TEXTS = /^texts\/[\w-]+\.ts$/;
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|node|none|config|d))?\.(ts|tsx|js)$/;
/** Names of files and folders that could contain anything. */
const NAME_OF_NOTHING = /(^|\/)(utils?|helpers?|common|misc)([-./]|$)/;

describe.each(["src", "admin-ui/src", "test", "bench", "examples", "scripts"])("the files of %s/", (folder) => {
  const files = readSourceTree(folder);
  const paths = files.map((file) => file.path);

  test("are at most 400 lines long", () => {
    expect(
      files.filter(({ lineCount, path }) => lineCount > MAX_LINES && !TEXTS.test(path)).map(({ path }) => path),
    ).toEqual([]);
  });

  test("have a name in kebab-case, after one concept", () => {
    expect(paths.filter((path) => !KEBAB_CASE.test(basename(path)) || NAME_OF_NOTHING.test(path))).toEqual([]);
  });
});

test("src/index.ts is the only index", () => {
  const indexes = readSourceTree("src").filter((file) => basename(file.path) === "index.ts");
  expect(indexes.map((file) => file.path)).toEqual(["index.ts"]);
});
