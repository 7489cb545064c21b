import { expect, test } from "vitest";
import { type Controller, createController } from "../../../src/control/controller.ts";
import { memoryStore } from "../../../src/stores/memory.ts";

const LATER = "Write a later time, or a duration such as '2h'.";

test.each<[string, (controller: Controller) => Promise<unknown>, string]>([
  ["an end in the past", (one) => one.close("shop", { until: new Date(0) }), LATER],
  ["an expiry in the past", (one) => one.links.create({ label: "QA", expires: new Date(0) }), LATER],
  ["an unknown link of a site without links", (one) => one.links.revoke("x", { site: "shop" }), "It has no links."],
  ["an unknown token where there is none", (one) => one.tokens.revoke("x"), "There are no tokens."],
  [
    "an unknown exemption of a path beside one of an address",
    (one) => one.exemptions.remove("blog", { paths: ["/x"] }),
    "There are no exempt paths.",
  ],
])("%s is refused with a hint that a program can follow", async (_title, change, hint) => {
  const controller = createController({ store: memoryStore(), sites: { shop: {}, blog: {} } });
  await controller.exemptions.add("blog", { addresses: ["10.0.0.1"] });
  await expect(change(controller)).rejects.toMatchObject({ hint });
});
