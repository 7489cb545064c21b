import { optionError } from "./options.ts";

/** The address of a server as separate settings. */
export interface ServerSettings {
  readonly host?: unknown;
  readonly port?: unknown;
  /** Path of a Unix socket: `path` in the drivers of Redis, `socketPath` in mysql2. */
  readonly path?: unknown;
  readonly socketPath?: unknown;
  readonly database?: unknown;
  readonly password?: unknown;
}

export interface ServerAddress {
  /** `db.example:5432/app`, or `/run/redis.sock`. */
  readonly place: string;
  /** Values that must not appear in a message. */
  readonly secrets: readonly unknown[];
}

/**
 * Returns the address of a server and the secrets of its settings.
 * @throws `ERR_INVALID_OPTION` for an invalid port or URL. The message does not repeat the URL, which may contain a password.
 */
export function serverAddress(
  store: string,
  url: string | undefined,
  settings: ServerSettings,
  { protocols, port }: { readonly protocols: readonly [string, ...string[]]; readonly port: number },
): ServerAddress {
  const parsed = url === undefined ? null : parse(store, url, protocols);
  const given = parsed?.port || settings.port;
  if (given !== undefined && given !== null && !isPort(given)) {
    const hint = "Write a whole number from 1 to 65535, or leave it out.";
    throw optionError(`${store}: port '${String(given)}' is no port.`, hint);
  }
  const socket = parsed === null ? (settings.path ?? settings.socketPath) : undefined;
  const host = parsed?.searchParams.get("host") || parsed?.hostname || settings.host || "localhost";
  const database = decode(parsed?.pathname.slice(1) ?? "") || settings.database || "";
  const passwords = [
    parsed?.password,
    decode(parsed?.password ?? ""),
    parsed?.searchParams.get("password"),
    settings.password,
  ];
  return {
    place: `${socket ?? `${host}:${given ?? port}`}${database === "" ? "" : `/${database}`}`,
    secrets: passwords,
  };
}

function parse(store: string, url: string, protocols: readonly [string, ...string[]]): URL {
  const protocol = protocols.find((known) => url.toLowerCase().startsWith(known));
  const slashes = protocol !== undefined && url.startsWith("//", protocol.length);
  const parsed = slashes ? URL.parse(url) : null;
  if (parsed !== null) return parsed;
  throw optionError(
    `${store}: url is not the address of such a database${faultOf(url, protocol, slashes)}.`,
    `${url === "" ? "Set the variable that it comes from. " : ""}Write ${protocols[0]}//USER:PASSWORD@HOST/DATABASE, with '@', ':', '/', '?', '#' and '%' in a password written as %40, %3A, %2F, %3F, %23 and %25.`,
  );
}

/** Returns what is wrong with `url`, without anything that may be part of a password. */
function faultOf(url: string, protocol: string | undefined, slashes: boolean): string {
  if (url === "") return ": it is empty";
  if (protocol !== undefined) return slashes ? "" : `: it has no '//' after '${protocol}'`;
  const [scheme] = /^[a-z][a-z0-9+.-]*:\/\//i.exec(url) ?? [];
  return scheme === undefined ? "" : `: it begins with '${scheme}'`;
}

function isPort(port: unknown): boolean {
  const number = typeof port === "number" ? port : typeof port === "string" && /^\d+$/.test(port) ? Number(port) : 0;
  return Number.isInteger(number) && number >= 1 && number <= 65_535;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

type Thing = "database" | "server";

type Options = Readonly<Record<string, unknown>>;

interface Address {
  /** The option that names the server, with its value. */
  readonly address: Options;
  readonly connection: Options;
}

/** Throws `ERR_INVALID_OPTION` unless exactly one server is given: an address, or one of the user's own clients in `own`. */
export function requireOneServer(store: string, thing: Thing, { address, connection }: Address, own: Options): void {
  const isGiven = (value: unknown): boolean => value !== undefined;
  const hasAddress = Object.values(address).some(isGiven) || Object.keys(connection).length > 0;
  const count = Object.values(own).filter(isGiven).length + Number(hasAddress);
  if (count === 1) return;
  const others = Object.keys(own).map((option) => `, or '${option}'`);
  throw optionError(
    `${store} has ${count === 0 ? "no" : "more than one"} ${thing}.`,
    `Pass '${Object.keys(address).join()}' (is the variable that it comes from set?) and 'connection'${others.join("")}.`,
  );
}
