import fc from "fast-check";
import { expect, test } from "vitest";
import { type DocumentContent, parseDocument, serializeDocument } from "../../../src/stores/document/format.ts";
import { documentParser } from "../../../src/stores/document/known-entries.ts";

/** Returns the result of a parser, or the message of its error. */
async function resultOf(parse: (text: string) => Promise<DocumentContent>, text: string): Promise<unknown> {
  try {
    const { history, ...content } = await parse(text);
    return {
      ...content,
      history: history.map((entry) => ("raw" in entry ? { raw: entry.raw, error: entry.error.message } : entry)),
    };
  } catch (error) {
    return String(error);
  }
}

const NESTED = '{\n      "x": [\n    {\n    },\n    {\n    }\n  ]}';

test("texts that follow each other are parsed as each alone would be", async () => {
  const step = fc.record({
    added: fc.nat(3),
    kept: fc.nat(6),
    text: fc.constantFrom("{}", '{"mode":"closed"}', JSON.stringify({ notice: { message: "}, {\n    },\n    {" } })),
    later: fc.constantFrom<object | undefined>(undefined, { history2: [{}] }),
    spoil: fc.option(
      fc.record({
        place: fc.nat(4_000),
        length: fc.nat(12),
        by: fc.constantFrom(
          "",
          "{",
          "}",
          '"',
          "\n    },\n    {",
          "\n  ]",
          '\n  "history": [\n    {',
          "7",
          "null",
          NESTED,
        ),
      }),
      { freq: 3 },
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const parse = documentParser("The state", "Fix it.");
      let history: DocumentContent["history"] = [];
      let version = 1;
      for (const { added, kept, text, later, spoil } of steps) {
        const before = history;
        for (let count = 0; count < added; count += 1) {
          version += 1;
          const records = [{ id: "shop", seen: version, before: null, after: text }];
          const entry = {
            version,
            records,
            command: "close",
            at: "2026-01-02T03:04:05Z",
            reason: "",
            by: { kind: "program", label: "x" },
          } as const;
          history = [entry, ...history];
        }
        history = history.slice(0, kept + added);
        const content = { lineage: "a", version, records: [], history, ...(later && { added: later }) };
        let written = serializeDocument(content);
        if (spoil !== null) {
          written = written.slice(0, spoil.place) + spoil.by + written.slice(spoil.place + spoil.length);
          history = before;
        }
        expect(await resultOf(parse, written)).toEqual(
          await resultOf((one) => parseDocument(one, "The state", "Fix it."), written),
        );
      }
    }),
    { numRuns: 500 },
  );
});

test("an entry that was in the text before is not parsed again", async () => {
  const parse = documentParser("The state", "");
  const entryOf = (version: number) =>
    ({
      version,
      records: [],
      command: "open",
      at: "2026-01-02T03:04:05Z",
      reason: "",
      by: { kind: "program", label: "x" },
    }) as const;
  const textOf = (...versions: readonly number[]): string =>
    serializeDocument({ lineage: "a", version: 9, records: [], history: versions.map(entryOf) });
  const { history: first } = await parse(textOf(3, 2, 1));
  const { history: second } = await parse(textOf(5, 4, 3, 2, 1));
  expect(second.slice(2)).toHaveLength(3);
  for (const [index, entry] of first.entries()) expect(second[index + 2]).toBe(entry);
  // The oldest were dropped.
  const { history: third } = await parse(textOf(6, 5, 4, 3));
  for (const [index, entry] of second.slice(0, 3).entries()) expect(third[index + 1]).toBe(entry);
});
