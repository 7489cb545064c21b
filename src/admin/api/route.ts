import type * as v from "valibot";
import { MaintenanceError } from "../../errors.ts";
import type { Actor } from "../../state/actor.ts";
import { ALL_SITES, parseSiteId } from "../../state/site-record.ts";
import type { AdminRequest } from "../access/access.ts";
import type { Principal, Right } from "../access/principal.ts";
import type { AdminContext, Call, Params } from "../admin-context.ts";
import { logChange } from "../admin-log.ts";
import { readIfMatch } from "../http/entity-tag.ts";
import { parseJson } from "../http/parse-json.ts";
import { badRequest, type HeaderPair, RefusedRequest } from "../http/problem.ts";
import { MAX_BODY_BYTES, MAX_BODY_MS, MAX_OPEN_BODY_BYTES, readBody } from "../http/read-body.ts";
import { validateInput } from "../http/validate-input.ts";
import { requireAllowedSize } from "./limited-request.ts";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** The result of a handler: JSON, or a whole response. */
export type Answer<Body = unknown> =
  | { readonly status: number; readonly body?: Body; readonly headers?: readonly HeaderPair[] }
  | { readonly response: Response };

export interface RouteDescription {
  readonly method: Method;
  /** Below `api/v1/`: `sites/{site}/links/{id}`. */
  readonly path: string;
  /** One sentence on the purpose of the route. */
  readonly summary: string;
  /** Name of the operation in generated clients. */
  readonly operation: string;
  /** The right that the caller needs; `known`: any identified caller; `anyone`: any caller. */
  readonly right: Right | "known" | "anyone";
  readonly query?: v.GenericSchema;
  readonly body?: v.GenericSchema;
  /** `If-Match` must name the version that the caller has seen. */
  readonly versioned?: boolean;
  /** `Prefer: wait=3` holds the answer until the change is applied by each process, at most for three seconds. */
  readonly waits?: boolean;
  /** Whether it changes nothing, although its method is not GET. */
  readonly reads?: boolean;
  readonly answer: {
    readonly status: 200 | 201 | 204;
    /** @default "application/json" */
    readonly type?: string | readonly string[];
    readonly schema?: v.GenericSchema;
  };
  /** Statuses of problems besides those that its path, its right and its body imply. */
  readonly problems?: readonly number[];
}

export interface Route<Result = unknown> extends RouteDescription {
  /**
   * Reads and validates the request, checks the caller's rights, runs the handler and logs a change. `sent` is the body of a form of the
   * page, if it has been read already.
   *
   * @throws a refusal, or a `MaintenanceError`
   */
  run(
    admin: AdminContext,
    asked: AdminRequest,
    principal: Principal,
    params: Params,
    sent?: object,
  ): Promise<Answer<Result>>;
}

interface Definition<Body, Query, Result> extends RouteDescription {
  readonly query?: v.GenericSchema<unknown, Query>;
  readonly body?: v.GenericSchema<unknown, Body>;
  /**
   * Returns every site that the request names. The right is checked for each, before the body is read. @default the site in the path, or `*`
   */
  sites?(asked: Named<Query>): readonly string[];
  /** Instead, if the body names the sites: reads them from an otherwise unchecked body. Throws a refusal. */
  sitesIn?(body: unknown, asked: Named<Query>): readonly string[];
  /** Returns what to log of a change. @default the operation, and the sites that the request names */
  logged?(call: Call<Body, Query>): { readonly operation: string; readonly sites: readonly string[] };
  handle(call: Call<Body, Query>): Answer<Result> | Promise<Answer<Result>>;
}

/** The parts of a request that are known before its body is read. */
interface Named<Query> {
  readonly admin: AdminContext;
  readonly principal: Principal;
  readonly params: Params;
  readonly query: Query;
}

/** Defines a route. The right is checked on every named site, before the body is validated and the handler runs. */
export function defineRoute<Body, Query, Result>(definition: Definition<Body, Query, Result>): Route<Result> {
  const {
    sites = ({ params }) => [params.site === "" ? "*" : params.site],
    sitesIn,
    logged,
    handle,
    ...description
  } = definition;
  return {
    ...description,
    async run(admin, asked, principal, params, sent) {
      if (definition.path.includes("{site}")) requireSiteId(params.site);
      const version = definition.versioned === true ? readIfMatch(asked.request.headers) : -1;
      // Without a schema there is nothing to read, and `Query` and `Body` are not used.
      const query = (definition.query && validateInput(definition.query, queryOf(asked.request.url), "query")) as Query;
      const { right } = definition;
      const authority = { limited: isRight(right) && !principal.may(right, ALL_SITES) };
      const known = { admin, principal, params, query };
      let named: readonly string[] = [];
      if (isRight(right) && sitesIn === undefined) {
        named = sites(known);
        requireRight(principal, right, named);
      }
      const read = definition.body && (sent ?? (await readJson(definition, admin, asked)));
      if (sitesIn !== undefined) {
        try {
          named = sitesIn(read, known);
        } catch (error) {
          // There is no site to check the right on: the refusal lists every invalid member of the body.
          if (authority.limited) requireAllowedSize(admin, read, []);
          if (definition.body) validateInput(definition.body, read, "body");
          throw error;
        }
        if (isRight(right)) requireRight(principal, right, named);
      }
      if (authority.limited) requireAllowedSize(admin, read, named);
      const body = (definition.body && validateInput(definition.body, read, "body")) as Body;
      const by = actorOf(principal, asked);
      const call = { admin, asked, principal, by, authority, params, body, query, version };
      const answer = await handle(call);
      const isChange = definition.method !== "GET" && definition.right !== "anyone" && definition.reads !== true;
      if (isChange && memberOf(body, "dryRun") !== true) {
        const what = logged?.(call) ?? { operation: definition.operation, sites: named };
        const reason = String(memberOf(body, "reason") ?? "");
        logChange(admin.gate.options.logger, principal, asked, { ...what, reason });
      }
      return answer;
    },
  };
}

/** Throws `ERR_FORBIDDEN`, naming the first of `sites` on which the right is missing. */
export function requireRight(principal: Principal, right: Right, sites: readonly string[]): void {
  const missing = sites.find((site) => !principal.may(right, site));
  if (missing === undefined) return;
  const what = missing === "*" ? "everything (*)" : `'${missing}'`;
  throw new MaintenanceError("ERR_FORBIDDEN", `'${principal.name}' does not have the right '${right}' on ${what}.`);
}

/** Returns the actor for the history. */
function actorOf({ name }: Principal, { address }: AdminRequest): Actor {
  return { kind: "admin", label: name, ...(address === undefined ? {} : { from: address }) };
}

async function readJson(
  { right }: RouteDescription,
  { gate }: AdminContext,
  { request }: AdminRequest,
): Promise<unknown> {
  const most = right === "anyone" ? MAX_OPEN_BODY_BYTES : MAX_BODY_BYTES;
  const limits = { most, within: MAX_BODY_MS, clock: gate.options.clock };
  return parseJson(await readBody(request, "application/json", limits));
}

function memberOf(body: unknown, name: string): unknown {
  return typeof body === "object" && body !== null ? Reflect.get(body, name) : undefined;
}

function isRight(right: RouteDescription["right"]): right is Right {
  return right !== "known" && right !== "anyone";
}

/** An invalid id belongs to no site. */
function requireSiteId(site: string): void {
  try {
    parseSiteId(site);
  } catch {
    throw badRequest(404, `There is no site '${site.slice(0, 80)}'.`);
  }
}

/** Returns the refusal for a site in the path that does not exist. */
export function unknownSite(site: string): RefusedRequest {
  return new RefusedRequest(new MaintenanceError("ERR_UNKNOWN_SITE", `There is no site '${site}'.`), { status: 404 });
}

/** Returns the query as an object for a schema; repeated parameters are lists. Throws a refusal with 400. */
function queryOf(url: string): Readonly<Record<string, string | readonly string[]>> {
  const { search, searchParams } = new URL(url);
  if (/%(?![0-9a-f]{2})/i.test(search) || [...searchParams].some((pair) => pair.join().includes("\ufffd"))) {
    throw badRequest(400, "The query is not percent-encoded UTF-8.");
  }
  const entries = new Map<string, string | readonly string[]>();
  for (const name of new Set(searchParams.keys())) {
    const values = searchParams.getAll(name);
    entries.set(name, values.length === 1 ? (values[0] ?? "") : values);
  }
  return Object.fromEntries(entries);
}
