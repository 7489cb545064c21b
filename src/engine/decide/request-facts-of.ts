import type { NormalOptions } from "../../config/normal-options.ts";
import { MaintenanceError } from "../../errors.ts";
import { parseAddress } from "../../rules/addresses/address.ts";
import { clientAddress } from "../../rules/addresses/client-address.ts";
import { formatAddress } from "../../rules/addresses/format.ts";
import { furtherHosts, hostOf } from "../../rules/hosts/host.ts";
import { ANONYMOUS, type Operation, type RequestFacts, type UserFacts } from "./request-facts.ts";

/** A request as a user describes it, to ask what would happen to it. */
export interface DescribedRequest {
  /** Default: `GET`. */
  readonly method?: string | undefined;
  /** The address that the server's socket sees. */
  readonly address?: string | undefined;
  readonly headers?: readonly (readonly [name: string, value: string])[] | undefined;
  readonly user?: UserKind | undefined;
  readonly operation?: Operation | undefined;
}

export const USER_KINDS = ["anonymous", "authenticated", "staff", "superuser"] as const;

export type UserKind = (typeof USER_KINDS)[number];

const URL_PARTS = /^(?:https?:\/\/([^/?#]+))?([^#]*)/i;
/** A method or the name of a header (RFC 9110 section 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

const USERS: Readonly<Record<UserKind, UserFacts>> = {
  anonymous: ANONYMOUS,
  authenticated: { ...ANONYMOUS, authenticated: true },
  staff: { ...ANONYMOUS, authenticated: true, staff: true },
  superuser: { ...ANONYMOUS, authenticated: true, superuser: true },
};

/** The address that the rules are held against, and where it came from. */
export interface JudgedAddress {
  /** In its one spelling; `null`: none is known, and no rule over addresses matches. */
  readonly value: string | null;
  /** `given`, or the name of the header that trusted proxies vouch for; `null`: there is none. */
  readonly source: string | null;
  /** A forwarding header that is there, and that is not believed; `null`: none. */
  readonly ignored: string | null;
}

/** A request that was described, as an adapter hands it to the gate. */
export interface FactsOfRequest {
  readonly facts: RequestFacts;
  readonly address: JudgedAddress;
}

/** Throws the code of what is no URL, address, header or method, and of a URL and a `Host` header that name two hosts. */
export function requestFactsOf(
  url: string,
  { method = "GET", address, headers: given = [], user, operation }: DescribedRequest,
  { trustProxy, exempt }: Pick<NormalOptions, "trustProxy" | "exempt">,
): FactsOfRequest {
  // Not through a URL parser: that would tidy up `/open/../private` before the gate sees it.
  const [, authority, rest = ""] = URL_PARTS.exec(url) ?? [];
  if (!rest.startsWith("/") && (authority === undefined || (rest !== "" && !rest.startsWith("?")))) {
    throw refuse("URL", url, "Write 'https://shop.example/cart', or a path such as '/cart'.");
  }
  if (!TOKEN.test(method)) throw refuse("method", method, "Write one such as 'POST'.");
  if (address !== undefined && parseAddress(address) === null) {
    throw new MaintenanceError("ERR_INVALID_ADDRESS", `'${address}' is not an address.`, {
      hint: "Write one such as '10.0.0.42' or '2001:db8::1'.",
    });
  }
  const headers = toHeaders(given);
  const host = oneHost(authority?.replace(/^.*@/, ""), headers.get("host"));
  const found = clientAddress(address, (name) => headers.get(name), trustProxy);
  const judged = found === undefined ? undefined : formatAddress(found);
  const header = trustProxy.kind === "none" ? "x-forwarded-for" : trustProxy.header;
  const isForwarded = found !== undefined && found !== address;
  const facts: RequestFacts = {
    method: method.toUpperCase(),
    host,
    otherHosts: furtherHosts(rest, headers.get("x-forwarded-host")),
    target: rest.startsWith("/") ? rest : `/${rest}`,
    address: judged,
    // A predicate needs the application's own user, which is not available here.
    user: user === undefined || exempt.users?.predicate ? undefined : USERS[user],
    operation,
    route: undefined,
    header: (name) => headers.get(name),
  };
  return {
    facts,
    address: {
      value: judged ?? null,
      source: judged === undefined ? null : isForwarded ? header : "given",
      ignored: headers.has(header) && !isForwarded ? header : null,
    },
  };
}

/** The host of the request: the header as a client would send it, and otherwise that of the URL. They may differ in port and spelling. */
function oneHost(inUrl: string | undefined, header: string | undefined): string | undefined {
  if (inUrl === undefined || header === undefined) return header ?? inUrl;
  const [first, second] = [inUrl, header].map((host) => hostOf(host) ?? host.toLowerCase());
  if (first === second) return header;
  throw new MaintenanceError(
    "ERR_INVALID_COMMAND",
    `The URL names the host '${inUrl}' and the header Host names '${header}'.`,
    { hint: "Name one host: leave the header out, or write the URL as a path such as '/cart'." },
  );
}

/** Sentences on the address, one of them always. */
export function addressRemarks(
  { value, source, ignored }: JudgedAddress,
  { clientAddress }: Pick<NormalOptions, "clientAddress">,
): readonly string[] {
  const from = source === "given" ? "as given" : `from the header ${source}`;
  return [
    value === null ? "No address is given: no rule over addresses matches." : `The address is ${value}, ${from}.`,
    ...(ignored === null ? [] : [`The header ${ignored} is ignored: 'trustProxy' does not name its sender.`]),
    ...(clientAddress === null
      ? []
      : ["The application asks its option 'clientAddress' first; it cannot be asked here."]),
  ];
}

/** Several of one name are joined, as RFC 9110 section 5.2 has it. */
function toHeaders(given: readonly (readonly [name: string, value: string])[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of given) {
    if (!TOKEN.test(name)) throw refuse("header", name, "Write it as 'Accept: application/json'.");
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}

function refuse(what: string, value: string, hint: string): MaintenanceError {
  return new MaintenanceError("ERR_INVALID_COMMAND", `'${value}' is not a ${what}.`, { hint });
}
