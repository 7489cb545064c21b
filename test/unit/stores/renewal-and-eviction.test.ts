import { expect, test } from "vitest";
import { memberList } from "../../../src/stores/members/list.ts";
import { createFakeClock } from "../../../src/testing/doubles/fake-clock.ts";
import { fakeMemberStorage } from "../../support/fake-member-storage.ts";

test("a member that is evicted while it is answered is not told that no barrier is on", async () => {
  const storage = fakeMemberStorage(createFakeClock());
  const list = memberList(storage, { name: "test", call: (_signal, work) => work() });
  const held = await list.join({ id: "a", text: "{}" });
  await list.setBarrier({ id: "b", targets: ["shop"], text: "{}" }, null);
  const { put } = storage;
  storage.put = async (key, ...rest) => {
    const written = await put(key, ...rest);
    if (key === "row-a") {
      storage.put = put;
      await list.evict("a", 2, "b");
      await list.removeBarrier("b", 1);
    }
    return written;
  };
  expect(await list.renew({ id: "a", text: '{"bound":1}' }, held)).toEqual({ ok: false, reason: "evicted" });
});
