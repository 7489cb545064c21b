import { MaintenanceError } from "../../errors.ts";

/** `bus.example:4222, bus2.example:4222`. Throws `ERR_INVALID_OPTION`, without the value: it may hold a password. */
export function natsPlaces(servers: readonly string[]): string {
  return servers.map(placeOf).join(", ");
}

function placeOf(server: string): string {
  const url = server.includes("://") ? server : `nats://${server}`;
  const parsed = URL.parse(url);
  if (parsed === null || parsed.hostname === "") {
    throw invalid("natsStore: servers has something that is no address.", "Write HOST:4222, or nats://HOST:4222.");
  }
  if (parsed.username !== "" || parsed.password !== "") {
    const hint = "Pass them beside it: natsStore({ servers, connection: { user, pass } }), or { token }.";
    throw invalid("natsStore: servers has a user name or a password in it.", hint);
  }
  return `${parsed.hostname}:${parsed.port || 4222}`;
}

function invalid(message: string, hint: string): MaintenanceError {
  return new MaintenanceError("ERR_INVALID_OPTION", message, { hint });
}
