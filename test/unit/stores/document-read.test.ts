import { describe, expect, test } from "vitest";
import { documentStore } from "../../../src/stores/document/document.ts";
import { draftFrom } from "../../../src/testing/stores/session.ts";
import { textStorage } from "./text-storage.ts";

const load = (text: string) => documentStore(textStorage(text)).load();

describe("a text that is written by hand is accepted", () => {
  test.each([
    ["", "closed"],
    ["\n", "closed"],
    ["closed\n", "closed"],
    ["ON", "closed"],
    ["1", "closed"],
    ["open", "open"],
    ["off", "open"],
    ["0\n", "open"],
    ["read-only", "read-only"],
  ])("%j makes everything %s", async (text, mode) => {
    expect(await load(text)).toEqual({
      lineage: "edited",
      version: 1,
      records: [{ id: "*", version: 1, text: JSON.stringify({ mode }) }],
    });
  });

  test("versions, lineage, format and history are optional", async () => {
    expect(await load('{ "sites": { "shop": { "mode": "closed" }, "constructor": {} } }')).toEqual({
      lineage: "edited",
      version: 1,
      records: [
        { id: "shop", version: 1, text: '{"mode":"closed"}' },
        { id: "constructor", version: 1, text: "{}" },
      ],
    });
  });

  test("the next commit continues from the text of the file", async () => {
    const storage = textStorage(
      '{ "lineage": "L", "version": 12, "sites": { "shop": { "version": 3, "mode": "closed" } } }',
    );
    const store = documentStore(storage);
    const result = await store.commit(draftFrom(await store.load(), { shop: { mode: "open" } }));
    expect(result).toEqual({ ok: true, position: { lineage: "L", version: 13 } });
    expect(JSON.parse(storage.text ?? "")).toMatchObject({
      format: 1,
      lineage: "L",
      version: 13,
      sites: { shop: { version: 4, mode: "open" } },
      history: [
        { version: 13, records: [{ id: "shop", seen: 3, before: { mode: "closed" }, after: { mode: "open" } }] },
      ],
    });
  });

  test("the first commit over a document without a lineage creates one", async () => {
    const store = documentStore(textStorage("closed"), { mintLineage: () => "minted" });
    const result = await store.commit(draftFrom(await store.load(), { "*": null }));
    expect(result).toEqual({ ok: true, position: { lineage: "minted", version: 2 } });
  });

  test("the store writes text for people: two spaces of indentation, a line feed at the end", async () => {
    const storage = textStorage(null);
    const store = documentStore(storage, { mintLineage: () => "L" });
    await store.commit(draftFrom(await store.load(), { shop: { mode: "closed" } }));
    expect(storage.text).toContain(
      '{\n  "format": 1,\n  "lineage": "L",\n  "version": 1,\n  "sites": {\n    "shop": {\n      "version": 1,\n      "mode": "closed"\n',
    );
    expect(storage.text).toMatch(/\]\n\}\n$/);
  });
});

describe("a text that cannot be read is refused, and never overwritten", () => {
  test.each([
    ["{ no json", "The state in text is not JSON"],
    ['{ "format": 1, "sites": { "shop": { "mode": "clo', "The state in text is not JSON"],
    ["\0\0\0\0", "is not JSON"],
    ["maybe", "is not JSON"],
    ["[]", "The state in text: expected an object, found an empty list"],
    ["null", "found null"],
    ["2", "found 2"],
    ["{}", "The state in text, sites"],
    ['{ "sites": [] }', "sites: expected an object, found an empty list"],
    ['{ "sites": { "shop": "closed" } }', "sites.shop: expected an object, found 'closed'"],
    ['{ "sites": { "shop": { "version": "3" } } }', "sites.shop.version: expected a number, found '3'"],
    ['{ "sites": { "constructor": { "version": 0 } } }', "sites.constructor.version"],
    ['{ "format": "1", "sites": {} }', "format: expected 1, found '1'"],
    ['{ "version": 1.5, "sites": {} }', "version"],
    ['{ "lineage": "", "sites": {} }', "lineage"],
    ['{ "history": {}, "sites": {} }', "history"],
  ])("%j", async (text, message) => {
    const storage = textStorage(text);
    const store = documentStore(storage);
    const refusal = {
      code: "ERR_STATE_UNREADABLE",
      message: expect.stringContaining(message),
      hint: expect.stringMatching(/^(Write 3\. )?Fix the text\.$/),
    };
    await expect(store.load()).rejects.toMatchObject(refusal);
    const draft = draftFrom({ lineage: "edited", version: 1, records: [] }, { shop: {} });
    await expect(store.commit(draft)).rejects.toMatchObject(refusal);
    await expect(store.history({ limit: 1 })).rejects.toMatchObject(refusal);
    await expect(store.changesSince(draft as never)).rejects.toMatchObject(refusal);
    expect(storage.text).toBe(text);
  });

  test("an unreadable entry of the history affects only the history, and the next change keeps it", async () => {
    const storage = textStorage(
      '{ "version": 3, "history": [{ "version": 3, "by": 7 }], "sites": { "shop": { "mode": "closed" } } }',
    );
    const store = documentStore(storage);
    const { records } = await store.load();
    expect(records).toEqual([{ id: "shop", version: 1, text: '{"mode":"closed"}' }]);
    const refusal = { code: "ERR_STATE_UNREADABLE", message: expect.stringContaining("history[0]") };
    await expect(store.history({ limit: 1 })).rejects.toMatchObject(refusal);
    expect((await store.commit(draftFrom(await store.load(), { blog: { mode: "closed" } }))).ok).toBe(true);
    expect(JSON.parse(storage.text ?? "").history).toMatchObject([{ version: 4 }, { version: 3, by: 7 }]);
  });

  test("a change keeps unknown members of a later release, at every level", async () => {
    const later = { format: 1, version: 2, fleet: { size: 3 }, sites: { shop: { mode: "closed", windows: [1] } } };
    const by = { kind: "queue", label: "a", team: "web" };
    const entry = { version: 2, at: "2026-01-02T03:04:05Z", by, command: "plan", reason: "", wave: 1 };
    const history = [{ ...entry, records: [{ id: "shop", seen: 0, before: null, after: {}, part: 1 }] }];
    const storage = textStorage(JSON.stringify({ ...later, history }));
    const store = documentStore(storage);
    expect(await store.history({ limit: 1 })).toMatchObject([{ by, command: "plan" }]);
    expect((await store.commit(draftFrom(await store.load(), { blog: {} }))).ok).toBe(true);
    expect(JSON.parse(storage.text ?? "")).toMatchObject({
      fleet: { size: 3 },
      sites: { shop: { windows: [1] } },
      history: [{ version: 3 }, history[0]],
    });
  });

  test("a misspelt member is refused by name, with the most similar one", async () => {
    await expect(load('{ "sits": {}, "sites": {} }')).rejects.toMatchObject({
      code: "ERR_STATE_UNREADABLE",
      message: expect.stringContaining("'sits'"),
      hint: "Did you mean 'sites'? Fix the text.",
    });
  });

  test("a later format is refused as such, whatever the other members are", async () => {
    await expect(load('{ "format": 2, "zones": {} }')).rejects.toMatchObject({
      code: "ERR_STATE_TOO_NEW",
      message: "The state in text has format 2; this release reads up to 1.",
    });
  });

  test("an empty text after content is a partial write, not a touch", async () => {
    const storage = textStorage("open");
    const store = documentStore(storage);
    await store.load();
    storage.edit("");
    await expect(store.load()).rejects.toMatchObject({ code: "ERR_STATE_UNREADABLE" });
    storage.edit(null);
    expect((await store.load()).version).toBe(0);
    storage.edit("");
    expect((await store.load()).records).toHaveLength(1);
  });
});
