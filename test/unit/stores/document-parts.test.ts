import fc from "fast-check";
import { expect, test } from "vitest";
import { type DocumentContent, parseDocument, serializeDocument } from "../../../src/stores/document/format.ts";

function contentOf(count: number, title = 'Back "soon"\n    },\n  "sites": {\n'): DocumentContent {
  const records = Array.from({ length: count }, (_, index) => ({
    id: `site-${index}`,
    version: index + 1,
    text: JSON.stringify({ hosts: [`shop-${index}.example`], mode: "closed", notice: { title } }),
  }));
  return { lineage: "L", version: 7, records, history: [], added: { later: { sites: {} } } };
}

async function parsed(text: string): Promise<{ readonly content: DocumentContent; readonly turns: number }> {
  let turns = 0;
  const content = await parseDocument(text, "The state", "", async () => {
    turns += 1;
  });
  return { content, turns };
}

test("a document of 2,000 sites is parsed in parts, and a turn of the event loop comes with each 16 KB", async () => {
  const text = serializeDocument(contentOf(2_000));
  const { content, turns } = await parsed(text);
  expect(content).toEqual(contentOf(2_000));
  expect(turns).toBeGreaterThan(text.length / 20_000);
});

test.each([
  ["on one line", (text: string) => JSON.stringify(JSON.parse(text))],
  ["with other spaces", (text: string) => JSON.stringify(JSON.parse(text), null, 4)],
  ["with line breaks of Windows", (text: string) => text.replaceAll("\n", "\r\n")],
  ["with a space added", (text: string) => text.replace('    "site-1000": {', '     "site-1000": {')],
  [
    "with the sites in another member first",
    (text: string) => text.replace("{\n", '{\n  "x": {"y": 1,\n  "sites": {\n  }},\n'),
  ],
])("a document that was edited by hand, %s, is read all the same", async (_how, edit) => {
  const text = edit(serializeDocument(contentOf(2_000, "Back soon")));
  const { content } = await parsed(text);
  expect(content.records).toEqual(contentOf(2_000, "Back soon").records);
});

test.each([
  ["a site that is no object", (text: string) => text.replace(/"site-1000": \{[^}]*\}\n {4}\}/, '"site-1000": 1')],
  ["a comma too much", (text: string) => text.replace('    },\n    "site-1000"', '    },,\n    "site-1000"')],
  ["a text that was cut off", (text: string) => text.slice(0, -1_000)],
])("%s is refused as in a small document", async (_what, edit) => {
  const text = edit(serializeDocument(contentOf(2_000, "Back soon")));
  expect(text).not.toBe(serializeDocument(contentOf(2_000, "Back soon")));
  await expect(parsed(text)).rejects.toMatchObject({ code: "ERR_STATE_UNREADABLE" });
});

test("wherever one character of a document changes, it is read or refused as its JSON says", async () => {
  const text = serializeDocument(contentOf(700, "Back soon"));
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom(...'{}[],:"\n x1'), async (at, character) => {
      const edited = `${text.slice(0, at)}${character}${text.slice(at + 1)}`;
      // Below the size from which it is parsed in parts: spaces at the margin give it another layout.
      const whole = await parseDocument(edited.replaceAll("\n", "\n "), "The state").catch(() => null);
      const parts = await parseDocument(edited, "The state").catch(() => null);
      expect(parts).toEqual(whole);
    }),
    { numRuns: 60 },
  );
});
