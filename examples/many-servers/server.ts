import { createServer } from "node:http";
import { createGate } from "maintenance-mode";
import { guard } from "maintenance-mode/node";
import { createApp } from "../quickstart/app.ts";
import config from "./maintenance.config.ts";

/** One of several servers: the quickstart's app on the port in PORT. Prints the state after each change of it or of the store's status. */
const port = Number(process.env.PORT);
const gate = createGate(config);
const server = createServer(createApp(gate));
guard(server, gate);

gate.subscribe((event) => {
  if (event.type === "switched") return;
  const { state, version, sites } = gate.status();
  const modes = sites.map(({ id, mode }) => `${id} ${mode}`).join(", ");
  console.log(`${new Date().toISOString().slice(11, 23)}  ${port}  version ${version}, ${state}: ${modes}`);
});
server.listen(port, "127.0.0.1", () => gate.start());

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, async () => {
    server.close();
    server.closeAllConnections();
    await gate.close();
    await config.store?.close();
  });
}
