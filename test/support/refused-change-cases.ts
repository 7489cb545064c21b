import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Store } from "../../src/stores/store.ts";
import { openPlace, type StoreKind, type StoreServer } from "./servers/store-kinds.ts";
import { withSite } from "./site-under-fault.ts";

/** Why a store that can be read takes no changes. */
export interface Refusal<Server extends StoreServer> {
  readonly kind: StoreKind<Server>;
  /** For the name of the test: `a user without rights`. */
  readonly what: string;
  /** The part that is shown to an operator. */
  readonly hint: RegExp;
  /** The store in the place `id`, where it takes more than the kind's own options. */
  open?(server: Server, id: string): Promise<Store>;
  /** From now on it takes no changes; resolves with what ends that. */
  begin(server: Server, id: string): Promise<() => Promise<void>>;
}

/** A disk may have room for some changes more. */
const MAX_CHANGES = 200;
const BULK = 4_500;

/** A server for each kind; every store of it is written to no more for a while. */
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
        test(`is read on over ${refusal.what}, which refuses changes with the reason`, async () => {
          const id = `place_${index}`;
          store = await (refusal.open?.(server, id) ?? openPlace(kind, server, id));
          await withSite(store, async (site) => {
            expect(await site.switch("closed", store)).toBeNull();
            await site.becomes("closed");
            const end = await refusal.begin(server, id);
            try {
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
