// Holds a gate, as an application does, and tells when its snapshot has become another.
import { createGate } from "../../dist/index.js";
import { moment, tell } from "./messages.ts";
import { openStore, placeOf } from "./open-store.ts";

const store = await openStore(placeOf(process.argv[2]));
// Polled once an hour where it is watched: what the watch misses is to be seen as lost, and not to be saved by the poll.
const gate = createGate({ store, pollInterval: store.watch === undefined ? 100 : 3_600_000 });
await gate.ready();
gate.subscribe((event) => event.type === "changed" && tell({ type: "seen", version: event.version, at: moment() }));
process.on("disconnect", () => process.exit());
tell({ type: "ready" });
