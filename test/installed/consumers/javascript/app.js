// Its argument is the path of the command line's program.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createGate } from "maintenance-mode";
import { guard } from "maintenance-mode/node";

const gate = createGate();
const server = createServer((_request, response) => response.end("hello"));
guard(server, gate);
server.listen(0, "127.0.0.1");
await once(server, "listening");

async function status() {
  await gate.refresh();
  return (await fetch(`http://127.0.0.1:${server.address().port}/`)).status;
}

const maintenanceMode = (...words) => execFileSync(process.execPath, [process.argv[2], ...words]);

const before = await status();
maintenanceMode("on", "--message", "Back at nine", "--yes");
const closed = await status();
maintenanceMode("off");
console.log(before, closed, await status());
server.close();
server.closeAllConnections();
await gate.close();
