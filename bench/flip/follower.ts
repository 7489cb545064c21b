// Holds a gate, as an application does, and tells when its snapshot has become another.
import { createGate } from "../../dist/index.js";
import { fileStore } from "../../dist/stores/file.js";
import { moment, tell } from "./messages.ts";

// Polled once an hour: what the watch misses is to be seen as lost, and not to be saved by the poll.
const gate = createGate({ store: fileStore({ path: process.argv[2] }), pollInterval: 3_600_000 });
await gate.ready();
gate.subscribe((event) => event.type === "changed" && tell({ type: "seen", version: event.version, at: moment() }));
process.on("disconnect", () => process.exit());
tell({ type: "ready" });
