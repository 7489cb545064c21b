import type { NormalOptions } from "../config/normal-options.ts";
import { ANONYMOUS, type RequestFacts, type UserFacts } from "../engine/request-facts.ts";
import { MaintenanceError } from "../errors.ts";
import { parseAddress } from "../rules/address.ts";
import { clientAddress } from "../rules/client-address.ts";

export interface ExplainOptions {
  readonly method?: string;
  readonly ip?: string;
  readonly header?: readonly string[];
  readonly user?: "anonymous" | "authenticated" | "staff" | "superuser";
  readonly operation?: "read" | "write";
}

const URL_PARTS = /^(?:https?:\/\/([^/?#]+))?([^#]*)/i;
const HEADER_LINE = /^([!#$%&'*+.^_`|~0-9a-z-]+):\s*(.*)$/i;
const METHOD = /^[A-Za-z]+$/;

const USERS: Readonly<Record<NonNullable<ExplainOptions["user"]>, UserFacts>> = {
  anonymous: ANONYMOUS,
  authenticated: { ...ANONYMOUS, authenticated: true },
  staff: { ...ANONYMOUS, authenticated: true, staff: true },
  superuser: { ...ANONYMOUS, authenticated: true, superuser: true },
};

/** The request that was described, as an adapter would hand it on. Throws the code of what is no URL, address, header or method. */
export function requestFactsOf(url: string, options: ExplainOptions, { trustProxy }: NormalOptions): RequestFacts {
  const { method = "GET", ip, header = [], user, operation } = options;
  // Not through a URL parser: that would tidy up `/open/../private` before the gate sees it.
  const [, host, rest = ""] = URL_PARTS.exec(url) ?? [];
  if (!rest.startsWith("/") && (host === undefined || (rest !== "" && !rest.startsWith("?")))) {
    throw refuse("URL", url, "Write 'https://shop.example/cart', or a path such as '/cart'.");
  }
  if (!METHOD.test(method)) throw refuse("method", method, "Write one such as 'POST'.");
  if (ip !== undefined && parseAddress(ip) === null) {
    throw new MaintenanceError("ERR_INVALID_ADDRESS", `--ip: '${ip}' is not an address.`, {
      hint: "Write one such as '10.0.0.42' or '2001:db8::1'.",
    });
  }
  const headers = toHeaders(header);
  return {
    method: method.toUpperCase(),
    host: headers.get("host") ?? host?.replace(/^.*@/, ""),
    target: rest.startsWith("/") ? rest : `/${rest}`,
    address: clientAddress(ip, (name) => headers.get(name), trustProxy),
    user: user === undefined ? undefined : USERS[user],
    operation,
    route: undefined,
    header: (name) => headers.get(name),
  };
}

/** Several of one name are joined, as RFC 9110 section 5.2 has it. */
function toHeaders(lines: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ""] = HEADER_LINE.exec(line) ?? [];
    if (name === undefined) throw refuse("header", line, "Write it as 'Accept: application/json'.");
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}

function refuse(what: string, value: string, hint: string): MaintenanceError {
  return new MaintenanceError("ERR_INVALID_COMMAND", `'${value}' is not a ${what}.`, { hint });
}
