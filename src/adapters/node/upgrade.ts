import type { Duplex } from "node:stream";
import type { ResponsePlan } from "../../engine/answer/response-plan.ts";

/** Writes what was planned to the bare socket of an upgrade (RFC 9110 section 7.8), and closes it. */
export function refuseUpgrade(socket: Duplex, { status, headers, body }: ResponsePlan): void {
  // The names of the other statuses are in `node:http`, which sets up all of `fetch` when it is imported, and clients ignore them.
  const lines = [`HTTP/1.1 ${status} ${status === 503 ? "Service Unavailable" : ""}`];
  for (let i = 0; i + 1 < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  lines.push(`Date: ${new Date().toUTCString()}`, "Connection: close", "", body ?? "");
  socket.end(lines.join("\r\n"), () => socket.destroy());
}

/** Node has taken its own listeners off the socket: an error that nobody listens to would end the process. */
export function ignoreErrors(socket: Duplex): () => void {
  const ignore = (): void => {};
  socket.on("error", ignore);
  return () => void socket.off("error", ignore);
}
