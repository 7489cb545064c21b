import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const SERVERS = 4;
const first = Number(process.env.PORT ?? "4001");
const ports = Array.from({ length: SERVERS }, (_, index) => first + index);

const servers = ports.map((port) =>
  fork(fileURLToPath(new URL("./server.ts", import.meta.url)), { env: { ...process.env, PORT: String(port) } }),
);
console.log(`
${SERVERS} servers over one database: ${ports.map((port) => `http://localhost:${port}`).join("  ")}
Each prints a line when what it follows changes. Type next, in another terminal, from the same folder:
  npx maintenance-mode --config examples/many-servers/maintenance.config.ts on --message "Back at nine"
  for port in ${ports.join(" ")}; do curl -s -o /dev/null -w "$port %{http_code}\\n" http://localhost:$port/; done
  npx maintenance-mode --config examples/many-servers/maintenance.config.ts off
`);

// Ctrl-C also reaches the servers directly; a signal to this process alone must end all of them.
process.once("SIGTERM", () => {
  for (const server of servers) server.kill("SIGTERM");
});
process.on("SIGINT", () => {});
await Promise.all(servers.map((server) => once(server, "exit")));
