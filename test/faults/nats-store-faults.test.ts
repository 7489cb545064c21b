import { natsStore } from "../../src/stores/nats.ts";
import { requireService } from "../support/require-service.ts";
import { INSTALL_NATS, makeBucket, NATS, removeBucket, startNats } from "../support/servers/nats.ts";
import { storeFaults } from "../support/servers/store-faults.ts";

requireService(
  "NATS",
  INSTALL_NATS,
  NATS !== null,
)("the nats store over a real server", () => {
  storeFaults({
    kind: "nats",
    start: () => startNats(),
    addressOf: ({ address }) => address,
    open: (servers, timeout) => natsStore({ servers, timeout }),
    async wipe({ address }) {
      await removeBucket(address, "maintenance");
      await makeBucket(address, "maintenance");
    },
  });
});
