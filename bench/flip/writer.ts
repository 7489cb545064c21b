// Closes or opens everything at each message, as an operator's process does.
import { createRequire, syncBuiltinESMExports } from "node:module";
import { moment, tell } from "./messages.ts";
import { openStore, placeOf } from "./open-store.ts";

const promises = createRequire(import.meta.url)("node:fs/promises") as typeof import("node:fs/promises");
const { rename } = promises;
let replaced: number | null = null;
// Patched before the store imports it: the only way to measure the time of the rename without changing the store.
promises.rename = async (from, to) => {
  replaced = moment();
  await rename(from, to);
};
syncBuiltinESMExports();

const { createController } = await import("../../dist/index.js");
const controller = createController({ store: await openStore(placeOf(process.argv[2])) });

let closes = true;
process.on("message", async () => {
  const commanded = moment();
  const { position } = await controller[closes ? "close" : "open"]("*");
  closes = !closes;
  tell({ type: "written", version: position.version, commanded, replaced });
});
process.on("disconnect", () => process.exit());
tell({ type: "ready" });
