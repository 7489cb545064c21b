import type { ExplainRequest } from "../../src/admin/schema/requests.ts";
import type {
  ChangeResult,
  ExemptionList,
  Explanation,
  Health,
  HistoryPage,
  LinkView,
  NewLinkView,
  Problem,
  SessionView,
  SiteList,
  SiteView,
  TokenView,
} from "../../src/admin/schema/responses.ts";
import type { HeldView } from "../../src/control/barrier/held.ts";
import type { Effect } from "../../src/control/fleet/await-effect.ts";
import { t } from "./language/current.ts";
import { type Said, textOf } from "./language/said.ts";
import type { Exemption } from "./model/closure.ts";
import type { SiteSettings } from "./model/field.ts";
import { problemWords } from "./model/problem-words.ts";
import { requestHeaders } from "./state/session/bearer.ts";
import { answered, unanswered } from "./state/session/connection.ts";

/** A refusal of the API, or a failed connection. The message is a sentence for the operator. */
export class ApiError extends Error {
  readonly problem: Problem;
  /** When to try again at the earliest, in epoch milliseconds of this machine; `null`: at any time. */
  readonly retryAt: number | null;

  constructor(problem: Problem, retryAt: number | null = null) {
    super(textOf(problemWords(problem)));
    this.problem = problem;
    this.retryAt = retryAt;
  }
}

/** Whatever was thrown, as one text for the operator. */
export function errorWords(error: Error): Said {
  return error instanceof ApiError ? problemWords(error.problem) : { english: error.message };
}

export interface CloseBody {
  readonly sites: readonly string[];
  readonly mode?: "closed" | "read-only";
  /** `null`: no end. Left out while closed: the end stays. */
  readonly until?: string | null;
  readonly notice?: Partial<SiteSettings["notice"]>;
  readonly response?: SiteSettings["response"];
  readonly paths?: readonly string[];
  readonly lockdown?: boolean;
  readonly exempt?: Pick<SiteView["exemptions"], "paths" | "addresses">;
  readonly reason?: string;
  /** Although a running command holds a site. */
  readonly anyway?: boolean;
  readonly dryRun?: boolean;
}

export type OpenBody = Pick<CloseBody, "sites" | "reason" | "anyway" | "dryRun">;

interface Grouped {
  readonly notice?: CloseBody["notice"] | undefined;
  readonly response?: CloseBody["response"] | undefined;
}

/** As the API takes settings: the members of the two groups, which a site has, side by side. */
export function sideBySide<Body extends Grouped>({ notice, response, ...body }: Body): object {
  return { ...body, ...notice, ...response };
}

export interface NewExemption extends Exemption {
  /** It ends when the site opens. */
  readonly untilOpen: boolean;
}

export interface NewToken {
  readonly name: string;
  readonly may: TokenView["may"];
  readonly sites?: readonly string[];
  readonly expires?: string;
}

const BASE = "./api/v1/";
const TIMEOUT_MS = 20_000;

const siteUrl = (site: string): string => `sites/${encodeURIComponent(site)}`;

export const readSession = (): Promise<SessionView> => call("GET", "session");
export const signIn = (password: string): Promise<SessionView> => call("POST", "session", { password });
export const signOut = (): Promise<void> => call("DELETE", "session");
export const signOutEverybody = (): Promise<void> => call("DELETE", "sessions");

export interface SiteQuery {
  readonly search: string;
  readonly mode: string;
  readonly sort: string;
  readonly after?: string;
  readonly limit?: number;
}

export const readSites = (query: SiteQuery): Promise<SiteList> => call("GET", `sites?${parameters({ ...query })}`);
export const readSite = (site: string): Promise<SiteView> => call("GET", siteUrl(site));
export const addSite = (site: string, hosts: readonly string[]): Promise<SiteView> =>
  call("POST", "sites", { site, hosts });
export const removeSite = ({ id, version }: SiteView): Promise<void> => call("DELETE", siteUrl(id), undefined, version);
export const saveSite = (site: string, settings: Partial<SiteSettings>, version: number): Promise<SiteView> =>
  call("PATCH", siteUrl(site), sideBySide(settings), version);

export const close = (body: CloseBody): Promise<ChangeResult> => call("POST", "close", sideBySide(body));
export const open = (body: OpenBody): Promise<ChangeResult> => call("POST", "open", body);

export const readExemptions = (site: string): Promise<ExemptionList> => call("GET", `${siteUrl(site)}/exemptions`);
/** `dryRun`: nothing is written, and the answer says in its warnings what to think of first. */
export function addExemption(site: string, exemption: NewExemption, dryRun = false): Promise<SiteView> {
  const { kind, value, description, untilOpen } = exemption;
  const item = kind === "paths" ? { pattern: value, description } : { range: value, description };
  return call("POST", `${siteUrl(site)}/exemptions`, { [kind]: [item], untilOpen, dryRun });
}
export function removeExemption(site: string, kind: Exemption["kind"], value: string): Promise<SiteView> {
  const name = kind === "paths" ? "path" : "address";
  return call("DELETE", `${siteUrl(site)}/exemptions?${parameters({ [name]: value })}`);
}

export const readLinks = async (site: string): Promise<readonly LinkView[]> =>
  (await call<{ readonly links: readonly LinkView[] }>("GET", `links?${parameters({ site })}`)).links;
export interface NewLink {
  readonly label: string;
  readonly expires: string | null;
  readonly untilOpen: boolean;
}

export const addLink = (site: string, link: NewLink): Promise<NewLinkView> =>
  call("POST", `${siteUrl(site)}/links`, link);
export const revokeLink = ({ site, id }: LinkView): Promise<void> =>
  call("DELETE", `${siteUrl(site)}/links/${encodeURIComponent(id)}`);
export const revokeAllLinks = (site: string): Promise<void> => call("DELETE", `${siteUrl(site)}/links`);

export interface HistoryQuery {
  readonly site: string;
  readonly by: string;
  readonly command: string;
  readonly before?: number;
  readonly limit?: number;
}

export const readHistory = (query: HistoryQuery): Promise<HistoryPage> =>
  call("GET", `history?${parameters({ ...query })}`);
export const explain = (request: ExplainRequest): Promise<Explanation> => call("POST", "explain", request);
export const readFleet = (): Promise<Effect> => call("GET", "fleet");
export const readHolds = async (): Promise<readonly HeldView[]> =>
  (await call<{ readonly holds: readonly HeldView[] }>("GET", "holds")).holds;
export const readHealth = (): Promise<Health> => call("GET", "health");

export const readTokens = async (): Promise<readonly TokenView[]> =>
  (await call<{ readonly tokens: readonly TokenView[] }>("GET", "tokens")).tokens;
export const addToken = (token: NewToken): Promise<TokenView & { readonly token: string }> =>
  call("POST", "tokens", token);
export const revokeToken = (id: string): Promise<void> => call("DELETE", `tokens/${encodeURIComponent(id)}`);

/** The stream of changes: a response whose body goes on. */
export const openEvents = (signal: AbortSignal): Promise<Response> =>
  fetch(`${BASE}events`, { headers: { accept: "text/event-stream", ...requestHeaders() }, signal, cache: "no-store" });

async function call<Answer>(method: string, path: string, body?: unknown, version?: number): Promise<Answer> {
  const response = await send(method, path, body, version);
  const type = response.headers.get("content-type") ?? "";
  const answer: unknown = /json/.test(type) ? await response.json() : undefined;
  if (response.ok) return answer as Answer;
  const wait = Number(response.headers.get("retry-after") ?? "");
  const retryAt = response.status === 429 && wait > 0 ? Date.now() + wait * 1_000 : null;
  throw new ApiError(isProblem(answer) ? answer : strangeAnswer(response.status), retryAt);
}

async function send(method: string, path: string, body: unknown, version: number | undefined): Promise<Response> {
  const headers = new Headers({ accept: "application/json", ...requestHeaders() });
  if (body !== undefined) headers.set("content-type", "application/json");
  if (version !== undefined) headers.set("if-match", `"${version}"`);
  const init: RequestInit = { method, headers, cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) };
  if (body !== undefined) init.body = JSON.stringify(body);
  try {
    const response = await fetch(BASE + path, init);
    answered();
    return response;
  } catch {
    unanswered();
    const { unreachable, uncertain } = t().health;
    throw new ApiError({ ...strangeAnswer(0), detail: method === "GET" ? unreachable : uncertain });
  }
}

function strangeAnswer(status: number): Problem {
  return {
    type: "about:blank",
    title: "",
    status,
    code: "ERR_INVALID_REQUEST",
    detail: t().health.strange(status),
    hint: "",
  };
}

function isProblem(answer: unknown): answer is Problem {
  return answer instanceof Object && "detail" in answer && "code" in answer;
}

function parameters(query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === "" ? [] : [[name, String(value)]],
  );
  return new URLSearchParams(given).toString();
}
