import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { createController, createGate } from "maintenance-mode";
import { createAdmin } from "maintenance-mode/admin";
import { guard, nodeAdmin } from "maintenance-mode/node";
import { createApp } from "./app.ts";
import config from "./maintenance.config.ts";

/** Milliseconds that a stopping server waits for pending requests. */
const MAX_DRAIN_MS = 3_000;

/** An empty `PORT` counts as not set. */
const port = readPort(process.env.PORT || "3000");
/** This machine only, because the admin's password is sent in plain text. With `HOST=0.0.0.0`, other machines can connect. */
const host = process.env.HOST || "127.0.0.1";
/** A random password for each start, unless the environment has one. */
const password = process.env.MAINTENANCE_ADMIN_PASSWORD ?? randomBytes(12).toString("base64url");
const gate = createGate(config);
const controller = createController(config);
const operators = createAdmin({ gate, controller, password });
const server = createServer(nodeAdmin(operators, createApp(gate)));

// In front, a closed site answers before Express runs. Inside, `createApp` mounts the same gate, which there knows the user.
guard(server, gate);

server.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EADDRINUSE") fail(`Port ${port} is in use. Choose another: PORT=${port + 1} npm start`);
  if (error.code === "EACCES") fail(`Port ${port} may not be used by you. Choose another: PORT=3000 npm start`);
  throw error;
});
server.listen(port, host, () => void greet());
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());

async function greet(): Promise<void> {
  await gate.ready();
  const { name } = await controller.store();
  const address = server.address();
  const base = `localhost:${typeof address === "object" ? (address?.port ?? port) : port}`;
  console.log(`
The quickstart answers at http://${base}
  shop   http://shop.${base}
  blog   http://blog.${base}
  staff  http://${base}/admin/login
  operators, with every switch: http://${base}/maintenance/
    password: ${password}
State: ${name}

Type next, in another terminal, from the same folder:
  npx maintenance-mode on --message "Back at nine"
  curl -i http://${base}/                                  # 503, and the page
  curl -i http://${base}/api/products                      # 503, as JSON
  curl -i http://${base}/healthz                           # 200: an exempt path
  curl -i http://${base}/status                            # 200: a route that is forced open
  curl -i http://${base}/ -H 'X-Forwarded-For: 10.0.0.42'  # 200: an exempt address
  npx maintenance-mode status
  npx maintenance-mode off

One site alone, or reading only:
  npx maintenance-mode on shop --for 2h
  npx maintenance-mode link create --label QA --expires 2h --site shop  # add its ?maintenance-access=… to http://shop.${base}/
  npx maintenance-mode on shop --read-only
  curl -i -X POST http://shop.${base}/api/orders -H 'Content-Type: application/json' -d '{"product":"lamp"}'
  npx maintenance-mode off shop
`);
}

async function stop(): Promise<void> {
  setTimeout(() => server.closeAllConnections(), MAX_DRAIN_MS).unref();
  operators.close();
  await new Promise((resolve) => server.close(resolve));
  await controller.dispose();
  await gate.close();
}

function readPort(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65_535) return number;
  return fail(`PORT is '${text}', which is no port. Choose one from 1 to 65535: PORT=3000 npm start`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
