import { afterAll, beforeAll, expect, test } from "vitest";
import { createController } from "../../src/control/controller.ts";
import { createGate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import { draftFrom } from "../../src/testing/stores/session.ts";
import { EVERY_STORE } from "../support/servers/every-store.ts";

// An earlier release may have accepted longer values than this one does, and they must stay readable. The numbers are literals, so that
// lowering a bound of stored values fails here.

const BY = { kind: "program", label: "test" } as const;
const AT = "2026-11-29T12:00:00Z";
const created = { at: AT, by: { ...BY, label: "x".repeat(600) } };

const many = <Item>(count: number, item: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => item(index));
const notice = (length: number) => {
  const texts = { title: "t".repeat(length), message: "m".repeat(length * 5) };
  return { ...texts, translations: { de: texts } };
};
const exemptions = (length: number) => ({
  paths: [{ pattern: "/a", description: "d".repeat(length) }],
  addresses: [{ range: "10.0.0.0/8", description: "d".repeat(length) }],
});
const links = (count: number, length: number) =>
  many(count, (index) => ({
    ...{ id: String(10_000_000 + index), label: "l".repeat(length), expires: null, created },
    ...{ hash: "h".repeat(43), key: "k".repeat(43) },
  }));
const expressions = (count: number) => many(count, (index) => `re:^/list-${index}$`);

const exempt = (patterns: readonly string[]) => ({
  paths: patterns.map((pattern) => ({ pattern, description: "" })),
});

const SETTINGS: Readonly<Record<string, object>> = {
  "seconds-at-the-bound": { response: { retryAfter: 86_400, refresh: 86_400 } },
  "seconds-beyond": { response: { retryAfter: 86_401, refresh: 31_536_000 } },
  "texts-at-the-bound": { notice: notice(200), exemptions: exemptions(500), links: links(1, 100) },
  "texts-beyond": { notice: notice(2_000), exemptions: exemptions(5_000), links: links(1, 1_000) },
  "reason-beyond": { changed: { at: AT, by: created.by, reason: "r".repeat(5_000) } },
  "links-beyond": { links: links(150, 10) },
  "expressions-at-the-bound": { exemptions: { paths: expressions(50) } },
  "expressions-beyond": { exemptions: { paths: expressions(120) } },
  "instructions-beyond": { exemptions: { paths: many(10, (index) => `re:a{400}${index}`) } },
  "one-expression": { exemptions: { paths: [`re:${"a".repeat(500)}`, "re:a{490}"] } },
  "long-pattern": { exemptions: { paths: [`/${"a".repeat(2_047)}`] } },
  "long-lists": { exemptions: { addresses: many(1_500, (index) => `10.0.${index >> 8}.${index & 255}`) } },
  "long-host": { hosts: [`${"a".repeat(63)}.`.repeat(3) + "b".repeat(61)] },
  ["i".repeat(64)]: {},
};
const IDS = Object.keys(SETTINGS);

for (const { name, suite, start } of EVERY_STORE) {
  suite(`in the store ${name}`, () => {
    let server: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server?.stop());

    test("a record at or beyond a limit can be read and opened by another process", async () => {
      const place = await server.place();
      const [store, other] = [place.open(), place.open()];
      const token = { id: "12345678", name: "n".repeat(1_000), hash: "h".repeat(43), may: ["view"], sites: null };
      const records = Object.entries(SETTINGS).map(([id, own]): [string, object] => [
        id,
        { mode: "closed", restore: { lockdown: false, ...("notice" in own && { notice: own.notice }) }, ...own },
      ]);
      const all = { access: { tokens: [{ ...token, expires: null, created }] } };
      await store.commit(draftFrom(await store.load(), { ...Object.fromEntries(records), "*": all }));

      const gate = createGate({ store: other, logger: silentLogger });
      expect(await gate.ready()).toMatchObject({ error: null, unreadable: [] });
      expect(IDS.filter((id) => gate.mode(id) !== "closed")).toEqual([]);

      const controller = createController({ store: other, logger: silentLogger });
      const before = await controller.state();
      expect([...before.unreadable]).toEqual([]);
      expect(before.records.get("seconds-beyond")?.response).toMatchObject({ retryAfter: 86_400, refresh: 86_400 });
      await controller.execute({ type: "close", sites: IDS, reason: "still" }, BY);
      await controller.execute({ type: "open", sites: IDS }, BY);
      await gate.refresh();
      expect(IDS.filter((id) => gate.mode(id) !== "open")).toEqual([]);
      await gate.close();
      await Promise.all([store.close(), other.close()]);
    });

    test("no command exceeds a limit, whatever the record contains", async () => {
      const place = await server.place();
      const store = place.open();
      const beyond = { mode: "closed", exemptions: { paths: expressions(60) } };
      await store.commit(draftFrom(await store.load(), { shop: beyond }));
      const controller = createController({ sites: { blog: {} }, store });
      const sites = ["shop", "blog"];
      const half = { type: "add-exemptions", site: "blog", ...exempt(expressions(30)) } as const;
      await controller.execute(half, BY);
      const other = many(30, (index) => `re:^/other-${index}$`);
      const refused: readonly (readonly [command: object, code: string])[] = [
        [{ type: "close", sites, retryAfter: 86_401 }, "ERR_INVALID_OPTION"],
        [{ type: "close", sites, refresh: 86_401 }, "ERR_INVALID_OPTION"],
        [{ type: "close", sites, title: "t".repeat(201) }, "ERR_INVALID_COMMAND"],
        [{ type: "close", sites, message: "m".repeat(5_001) }, "ERR_INVALID_COMMAND"],
        [{ type: "close", sites, reason: "r".repeat(501) }, "ERR_INVALID_COMMAND"],
        [{ type: "close", sites, paths: expressions(51) }, "ERR_INVALID_PATTERN"],
        [{ type: "close", sites: ["shop"], exempt: exempt(["re:^/one-more$"]) }, "ERR_INVALID_PATTERN"],
        [{ type: "add-exemptions", site: "shop", ...exempt(["re:^/one-more$"]) }, "ERR_INVALID_PATTERN"],
        [{ ...half, ...exempt(other) }, "ERR_INVALID_PATTERN"],
        [{ ...half, addresses: exemptions(501).addresses }, "ERR_INVALID_COMMAND"],
      ];
      const before = await store.load();
      for (const [command, code] of refused) {
        await expect(controller.execute(command as never, BY)).rejects.toMatchObject({ code });
      }
      expect(await store.load()).toEqual(before);
      await controller.execute({ type: "add-exemptions", site: "shop", ...exempt(["/plain"]) }, BY);
      await controller.execute({ type: "remove-exemptions", site: "shop", paths: ["re:^/list-0$"] }, BY);
      expect((await controller.state()).records.get("shop")?.exemptions.paths).toHaveLength(60);
      await store.close();
    });
  });
}
