// What the platform alone can do: a bare fs.watch, without reading anything.
import { watch } from "node:fs";
import { basename, dirname } from "node:path";
import { moment, tell } from "./messages.ts";

const path = process.argv[2] ?? "";
watch(dirname(path), (_type, name) => {
  const at = moment();
  if (name === basename(path)) tell({ type: "notified", at });
});
process.on("disconnect", () => process.exit());
tell({ type: "ready" });
