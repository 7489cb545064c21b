// Runs a gate, as an application does, and reports when its snapshot has changed.
import { createGate } from "../../dist/index.js";
import { moment, tell, tellLater } from "./messages.ts";
import { openStore, placeOf } from "./open-store.ts";

const store = await openStore(placeOf(process.argv[2]));
// Polls a watched store only once an hour, so that a change which the watch misses counts as lost.
const gate = createGate({ store, pollInterval: store.watch === undefined ? 100 : 3_600_000 });
await gate.ready();
gate.subscribe(
  (event) => event.type === "changed" && tellLater({ type: "seen", version: event.version, at: moment() }),
);
process.on("disconnect", () => process.exit());
tell({ type: "ready" });
