import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Store } from "../../src/stores/store.ts";
import { openPlace, type StoreKind, type StoreServer } from "./servers/store-kinds.ts";
import { withSite } from "./site-under-fault.ts";

/** A reason for which a store that can be read refuses changes. */
export interface Refusal<Server extends StoreServer> {
  readonly kind: StoreKind<Server>;
  /** The reason as it appears in the test title: `a user without rights`. */
  readonly what: string;
  /** Matches the part of the error's hint that names the reason. */
  readonly hint: RegExp;
  /** Opens the store `id`, if that takes more than the kind's own options. */
  open?(server: Server, id: string): Promise<Store>;
  /** Makes the store refuse changes from now on; resolves with a function that ends this. */
  begin(server: Server, id: string): Promise<() => Promise<void>>;
}

/** Changes to try until one is refused: a full disk may have room for a few more. */
const MAX_CHANGES = 200;
const BULK = 4_500;

/** Starts a server for each kind, and makes its store refuse changes for a while in each of the given ways. */
export function refusedChangeCases<Server extends StoreServer>(refusals: readonly Refusal<Server>[]): void {
  for (const kind of new Set(refusals.map((refusal) => refusal.kind))) {
    kind.suite(`a site over ${kind.name}`, () => {
      let server: Server;
      let store: Store;
      beforeAll(async () => {
        server = await kind.start();
      });
      afterEach(() => store?.close());
      afterAll(() => server?.stop());

      for (const [index, refusal] of refusals.filter((each) => each.kind === kind).entries()) {
        test(`can be read over ${refusal.what}, which refuses changes with the reason`, async () => {
          const id = `place_${index}`;
          store = await (refusal.open?.(server, id) ?? openPlace(kind, server, id));
          await withSite(store, async (site) => {
            expect(await site.switch("closed", store)).toBeNull();
            await site.becomes("closed");
            const end = await refusal.begin(server, id);
            try {
              // Some refusals need new connections: a change on one that was ended would fail for that reason.
              await expect.poll(() => store.load().catch(() => null)).not.toBeNull();
              let refused = await site.switch("closed", store, BULK);
              for (let more = 0; refused === null && more < MAX_CHANGES; more += 1) {
                refused = await site.switch("closed", store, BULK);
              }
              expect(refused).toMatchObject({
                code: "ERR_STORE_UNAVAILABLE",
                hint: expect.stringMatching(refusal.hint),
              });
              await site.holds("closed", async () => {
                const { version } = await store.load();
                await site.reports({ error: null, version });
                await site.hasLostNothing(store);
              });
            } finally {
              await end();
            }
            await expect.poll(() => site.switch("open", store), { timeout: 30_000 }).toBeNull();
            await site.becomes("open");
            await site.hasLostNothing(store);
          });
        });
      }
    });
  }
}
