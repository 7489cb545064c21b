// Waits for bare notifications of the platform or the driver, without reading the state.
import { listenBare } from "./bare-notification.ts";
import { moment, tell, tellLater } from "./messages.ts";
import { placeOf } from "./open-store.ts";

await listenBare(placeOf(process.argv[2]), () => tellLater({ type: "notified", at: moment() }));
process.on("disconnect", () => process.exit());
tell({ type: "ready" });
