import { MaintenanceError } from "../../errors.ts";

/** What is told of a server's address, in an URL or beside it. */
export interface ServerSettings {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly database?: unknown;
  readonly password?: unknown;
}

export interface ServerAddress {
  /** `db.example:5432/app`. */
  readonly place: string;
  /** What no message may show. */
  readonly secrets: readonly string[];
}

/** Where a connection leads. Throws `ERR_INVALID_OPTION` for an URL that is none, and does not repeat it: it may hold a password. */
export function serverAddress(
  store: string,
  url: string | undefined,
  settings: ServerSettings,
  { protocols, port }: { readonly protocols: readonly [string, ...string[]]; readonly port: number },
): ServerAddress {
  const parsed = url === undefined ? null : parse(store, url, protocols);
  const host = parsed?.searchParams.get("host") || parsed?.hostname || settings.host || "localhost";
  const database = decode(parsed?.pathname.slice(1) ?? "") || settings.database || "";
  const passwords = [
    parsed?.password,
    decode(parsed?.password ?? ""),
    parsed?.searchParams.get("password"),
    settings.password,
  ];
  return {
    place: `${host}:${parsed?.port || settings.port || port}${database === "" ? "" : `/${database}`}`,
    secrets: passwords.filter((secret): secret is string => typeof secret === "string" && secret !== ""),
  };
}

function parse(store: string, url: string, protocols: readonly [string, ...string[]]): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed !== null && protocols.includes(parsed.protocol)) return parsed;
  throw new MaintenanceError("ERR_INVALID_OPTION", `${store}: url is not the address of such a database.`, {
    hint: `Write ${protocols[0]}//USER:PASSWORD@HOST/DATABASE, with '@', ':', '/', '?', '#' and '%' in a password written as %40, %3A, %2F, %3F, %23 and %25.`,
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
