import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PICTURES } from "../../scripts/take-pictures.ts";

const PAGES = [
  "README.md",
  ...readdirSync("docs", { recursive: true, encoding: "utf8" }).map((name) => `docs/${name}`),
];

test("every picture of the documentation is a screenshot of a test, and is shown on a page", () => {
  const shown = PAGES.filter((name) => name.endsWith(".md")).flatMap((name) =>
    [...readFileSync(name, "utf8").matchAll(/images\/([\w-]+\.png)/g)].map(([, picture]) => picture),
  );
  expect(readdirSync("docs/images").sort()).toEqual(Object.keys(PICTURES).sort());
  expect([...new Set(shown)].sort()).toEqual(Object.keys(PICTURES).sort());
});
