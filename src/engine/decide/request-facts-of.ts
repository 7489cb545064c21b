import type { NormalOptions } from "../../config/normal-options.ts";
import { MaintenanceError } from "../../errors.ts";
import { parseAddress } from "../../rules/addresses/address.ts";
import { clientAddress } from "../../rules/addresses/client-address.ts";
import { formatAddress } from "../../rules/addresses/format.ts";
import { furtherHosts, hostOf } from "../../rules/hosts/host.ts";
import { ANONYMOUS, type Operation, type RequestFacts, type UserFacts } from "./request-facts.ts";

/** A request described by a user, to find out what would happen to it. */
export interface DescribedRequest {
  /** @default "GET" */
  readonly method?: string | undefined;
  /** The remote address of the server's socket. */
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

/** The address that is compared with the rules, and its source. */
export interface JudgedAddress {
  /** In its canonical spelling; `null` if it is not known: then no rule on addresses matches. */
  readonly value: string | null;
  /** `given`, or the name of the header that trusted proxies set; `null` if there is no address. */
  readonly source: string | null;
  /** The name of a forwarding header that is present but not trusted, or `null`. */
  readonly ignored: string | null;
}

/** A described request, as an adapter passes it to the gate. */
export interface FactsOfRequest {
  readonly facts: RequestFacts;
  readonly address: JudgedAddress;
}

/** Returns the facts of a described request. Throws for an invalid part, and if the URL and `Host` name different hosts. */
export function requestFactsOf(
  url: string,
  { method = "GET", address, headers: given = [], user, operation }: DescribedRequest,
  { trustProxy, exempt }: Pick<NormalOptions, "trustProxy" | "exempt">,
): FactsOfRequest {
  // Not with a URL parser, which would resolve `/open/../private` before the gate sees it.
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

/** Returns the host of the request: the header as a client would send it, else that of the URL. They may differ in port and spelling. */
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

/** Returns at least one sentence on the address. */
export function addressRemarks(
  { value, source, ignored }: JudgedAddress,
  { clientAddress }: Pick<NormalOptions, "clientAddress">,
): readonly string[] {
  const from = source === "given" ? "as given" : `from the header ${source}`;
  return [
    value === null ? "No address is given: no rule on addresses matches." : `The address is ${value}, ${from}.`,
    ...(ignored === null ? [] : [`The header ${ignored} is ignored: 'trustProxy' does not name its sender.`]),
    ...(clientAddress === null
      ? []
      : ["The application calls its option 'clientAddress' first, which is not possible here."]),
  ];
}

/** Headers of the same name are joined as in RFC 9110 section 5.2. */
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
