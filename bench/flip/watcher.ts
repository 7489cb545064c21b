// What the platform or the driver alone can do: a bare notification, without reading anything.
import { listenBare } from "./bare-notification.ts";
import { moment, tell } from "./messages.ts";
import { placeOf } from "./open-store.ts";

await listenBare(placeOf(process.argv[2]), () => tell({ type: "notified", at: moment() }));
process.on("disconnect", () => process.exit());
tell({ type: "ready" });
