import type * as v from "valibot";
import { endSchema, exemptAddressSchema, exemptPathSchema } from "../../state/site-record-schema.ts";
import type { RouteDescription } from "../api/route.ts";
import { ROUTES } from "../api/routes.ts";
import { effectSchema, followerSchema } from "./fleet.ts";
import { holdSchema } from "./holds.ts";
import { type JsonSchema, jsonSchemaOf, type NamedSchemas } from "./json-schema.ts";
import { commandResultSchema } from "./remote-answers.ts";
import * as request from "./requests.ts";
import * as response from "./responses.ts";
import { waitLineSchema, waitProcessSchema, waitReasonSchema, waitResultSchema, waitSchema } from "./wait.ts";

const NAMED: NamedSchemas = new Map<v.GenericSchema, string>([
  [response.problemSchema, "Problem"],
  [response.siteSchema, "Site"],
  [response.siteListSchema, "SiteList"],
  [response.changeResultSchema, "ChangeResult"],
  [effectSchema, "Effect"],
  [followerSchema, "Process"],
  [holdSchema, "Hold"],
  [waitSchema, "Wait"],
  [waitLineSchema, "WaitLine"],
  [waitResultSchema, "WaitResult"],
  [waitReasonSchema, "WaitReason"],
  [waitProcessSchema, "WaitProcess"],
  [commandResultSchema, "CommandResult"],
  [response.exemptionListSchema, "ExemptionList"],
  [response.linkSchema, "Link"],
  [response.linksSchema, "LinkList"],
  [response.newLinkSchema, "NewLink"],
  [response.historySchema, "HistoryPage"],
  [response.explanationSchema, "Explanation"],
  [response.healthSchema, "Health"],
  [response.eventSchema, "Event"],
  [response.sessionSchema, "Session"],
  [response.tokenSchema, "Token"],
  [response.tokensSchema, "TokenList"],
  [response.newTokenSchema, "NewToken"],
  [response.actor, "Actor"],
  [response.mode, "Mode"],
  [response.right, "Right"],
  [response.errorCode, "ErrorCode"],
  [request.closeBody, "Close"],
  [request.closeAndWaitBody, "CloseAndWait"],
  [request.openBody, "Open"],
  [request.editBody, "Edit"],
  [request.addSiteBody, "AddSite"],
  [request.exemptionsBody, "AddExemptions"],
  [request.linkBody, "AddLink"],
  [request.tokenBody, "AddToken"],
  [request.passwordBody, "SignIn"],
  [request.explainBody, "Explain"],
  [request.siteIdSchema, "SiteId"],
  [exemptPathSchema, "ExemptPath"],
  [exemptAddressSchema, "ExemptAddress"],
  [endSchema, "End"],
]);

/** Descriptions of named schemas that have none of their own. */
const BESIDES: Readonly<Record<string, JsonSchema>> = {
  SiteId: {
    description: "`*`, which is everything, or up to 64 of `a-z 0-9 . _ -`, beginning with a letter or digit.",
  },
  End: {
    description:
      "An RFC 3339 time with an offset, `2026-12-01T06:00:00Z`, or a duration from now: `90s`, `30m`, `2h`, `1h30m`, `2d`, up to a year.",
  },
  ExemptPath: { description: 'A text alone, `"/health"`, is short for `{ "pattern": "/health" }`.' },
  ExemptAddress: { description: 'A text alone, `"10.0.0.0/8"`, is short for `{ "range": "10.0.0.0/8" }`.' },
  Edit: { description: "Absent members are unchanged; given members replace the stored ones." },
  Wait: { description: "Times are durations: `90s`, `5m`." },
  WaitLine: { description: "One line of the answer. Ignore lines with another `event`." },
  Event: { description: "The value of `data:`; `event:` is its type, `id:` the version of the state." },
};

const PROBLEMS: Readonly<Record<number, string>> = {
  400: "The body or the query cannot be read, or a header is invalid.",
  401: "The caller is not signed in.",
  403: "The caller lacks the right, or the request comes from another origin.",
  404: "There is no such resource.",
  408: "The body arrived too slowly.",
  409: "The request conflicts with the current state, a running command holds the site (`held` says which), or an override is set, so no switch has any effect.",
  412: "Changed in the meantime: `current` is the current version.",
  413: "The body is too large.",
  415: "The body is not `application/json` in UTF-8.",
  422: "The request is invalid: `errors` names every member.",
  428: "`If-Match` is missing.",
  429: "Too many requests: wait for the seconds in `Retry-After`.",
  503: "The store did not answer: the change may or may not have been written.",
};

/** Returns the API's description, OpenAPI 3.1, built from the table of routes and the schemas that validate requests and answers. */
export function openApi(): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of ROUTES) {
    paths[`/${route.path}`] = { ...paths[`/${route.path}`], [route.method.toLowerCase()]: operationOf(route) };
  }
  const schemas = [...NAMED].map(([schema, name]) => [name, { ...jsonSchemaOf(schema, NAMED), ...BESIDES[name] }]);
  return {
    openapi: "3.1.0",
    info: {
      title: "maintenance-mode admin",
      version: "1",
      description: "Takes sites out of service and brings them back. Times are RFC 3339 in UTC; errors are RFC 9457.",
    },
    servers: [{ url: "./", description: "The folder of this description." }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(schemas),
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "For programs: an access token." },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-maintenance-admin",
          description:
            "For browsers: the cookie of a session, or the application's own authentication. Changes must come from the same origin.",
        },
      },
    },
  };
}

function operationOf(route: RouteDescription): JsonSchema {
  const { operation, summary, right, body, answer } = route;
  const parameters = parametersOf(route);
  const problems = problemsOf(route).map((status) => [status, problem(status)]);
  const who =
    right === "anyone"
      ? "For any caller."
      : right === "known"
        ? "For any caller that is signed in."
        : `Needs the right \`${right}\`.`;
  return {
    operationId: operation,
    summary,
    description: who,
    ...(right === "anyone" ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: content("application/json", body) } }),
    responses: { [answer.status]: success(route), ...Object.fromEntries(problems) },
  };
}

function success({ answer, path, method }: RouteDescription): JsonSchema {
  const { status, schema, type = "application/json" } = answer;
  const contents = Object.fromEntries([type].flat().flatMap((one) => Object.entries(content(one, schema))));
  if (status === 204) return { description: "Done." };
  const tagged = path.startsWith("sites/{site}") && schema === response.siteSchema;
  const headers = { headers: { ETag: { description: "For `If-Match`.", schema: { type: "string" } } } };
  return {
    description: method === "GET" ? "The requested data." : "Done.",
    ...(tagged ? headers : {}),
    content: contents,
  };
}

function problem(status: number): JsonSchema {
  const description = PROBLEMS[status] ?? "Refused.";
  return { description, content: content("application/problem+json", response.problemSchema) };
}

function content(type: string, schema: v.GenericSchema | undefined): JsonSchema {
  const name = schema && NAMED.get(schema);
  const described =
    name === undefined ? (schema ? jsonSchemaOf(schema, NAMED) : {}) : { $ref: `#/components/schemas/${name}` };
  return { [type]: type === "application/json" || type.endsWith("+json") || schema ? { schema: described } : {} };
}

function parametersOf({ path, query, versioned, waits }: RouteDescription): readonly JsonSchema[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: name === "site" ? { $ref: "#/components/schemas/SiteId" } : { type: "string" },
  }));
  const { properties = {} } = query === undefined ? {} : jsonSchemaOf(query, NAMED);
  const inQuery = Object.entries(typeof properties === "object" && properties !== null ? properties : {}).map(
    ([name, schema]) => ({ name, in: "query", required: false, schema }),
  );
  const tag = {
    name: "If-Match",
    in: "header",
    required: true,
    description: "The `ETag` of the version that the change is based on.",
    schema: { type: "string" },
  };
  const prefer = {
    name: "Prefer",
    in: "header",
    required: false,
    description:
      "`wait=3` (RFC 7240): answer once each process has applied the change, after at most 3 seconds. Without it the answer does not wait.",
    schema: { type: "string" },
  };
  return [...inPath, ...inQuery, ...(versioned === true ? [tag] : []), ...(waits === true ? [prefer] : [])];
}

function problemsOf({ path, right, query, body, versioned, problems = [] }: RouteDescription): readonly number[] {
  const all = [
    ...(right === "anyone" ? [] : [401, 403, 429, 503]),
    ...(path.includes("{") ? [404] : []),
    ...(query === undefined ? [] : [400, 422]),
    ...(body === undefined ? [] : [400, 408, 413, 415, 422]),
    ...(versioned === true ? [400, 412, 428] : []),
    ...problems,
  ];
  return [...new Set(all)].sort((a, b) => a - b);
}
