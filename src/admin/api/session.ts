import { exemptionWarnings } from "../../control/views/exemption-warnings.ts";
import type { WayIn } from "../../control/views/ways-in.ts";
import { LANGUAGES } from "../../engine/page/languages.ts";
import type { GateInternals } from "../../gate/internals.ts";
import { formatInstant } from "../../state/instant.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { AdminRequest, Identified } from "../access/access.ts";
import { type Principal, RIGHTS } from "../access/principal.ts";
import type { AdminContext } from "../admin-context.ts";
import { logChange } from "../admin-log.ts";
import type { HeaderPair } from "../http/problem.ts";
import { refusalOf } from "../http/problem.ts";
import { CLEAR_SITE_DATA } from "../http/security-headers.ts";
import { passwordBody } from "../schema/requests.ts";
import type { SessionView } from "../schema/responses.ts";
import { sessionSchema } from "../schema/responses.ts";
import { addressSources } from "../views/site-view.ts";
import { change } from "./change.ts";
import { defineRoute, type Route } from "./route.ts";

type Known = Extract<Identified, { outcome: "known" }>;

export function sessionView({ gate, now }: AdminContext, { address }: AdminRequest, principal: Principal): SessionView {
  return {
    name: principal.name,
    via: principal.via,
    may: RIGHTS.filter((right) => principal.may(right, ALL_SITES)),
    locales: LANGUAGES,
    address: address ?? null,
    addressWarning: address === undefined ? null : exemptionWarning(gate, address),
    now: formatInstant(now()),
  };
}

/** Returns a warning about exempting `address`, or `null`. */
function exemptionWarning(gate: GateInternals, address: string): string | null {
  const way: WayIn = { kind: "address", rule: address, description: "", source: ALL_SITES };
  return exemptionWarnings([way], addressSources(gate)).join(" ") || null;
}

/** Throws a refusal. */
export async function signIn(admin: AdminContext, asked: AdminRequest, password: string): Promise<Known> {
  const identified = await admin.access.signIn(asked, password);
  if (identified.outcome === "refused") throw refusalOf(identified);
  logChange(admin.gate.options.logger, identified.principal, asked, { operation: "signIn" });
  return identified;
}

/** Ends the session, if there is one, and returns the headers for that. Throws a refusal for a request from another origin. */
export async function signOut(admin: AdminContext, asked: AdminRequest): Promise<readonly HeaderPair[]> {
  const identified = await admin.access.identify(asked);
  if (identified.outcome === "known") {
    logChange(admin.gate.options.logger, identified.principal, asked, { operation: "signOut" });
  } else if (identified.status !== 401) {
    throw refusalOf(identified);
  }
  const headers = await admin.access.signOut(asked);
  if ("outcome" in headers) throw refusalOf(headers);
  return [...headers, CLEAR_SITE_DATA];
}

export const SESSION_ROUTES: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "session",
    operation: "getSession",
    summary: "The caller and its rights; the 401 says how to sign in.",
    right: "known",
    answer: { status: 200, schema: sessionSchema },
    handle: ({ admin, asked, principal }) => ({ status: 200, body: sessionView(admin, asked, principal) }),
  }),
  defineRoute({
    method: "POST",
    path: "session",
    operation: "signIn",
    summary: "Exchanges the password for the cookie of a session.",
    right: "anyone",
    body: passwordBody,
    answer: { status: 200, schema: sessionSchema },
    problems: [401, 403, 429, 503],
    async handle({ admin, asked, body }) {
      const { principal, headers } = await signIn(admin, asked, body.password);
      return { status: 200, body: sessionView(admin, asked, principal), headers };
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "session",
    operation: "signOut",
    summary: "Ends this session. Idempotent.",
    right: "anyone",
    answer: { status: 204 },
    problems: [403, 429, 503],
    handle: async ({ admin, asked }) => ({ status: 204, headers: await signOut(admin, asked) }),
  }),
  defineRoute({
    method: "DELETE",
    path: "sessions",
    operation: "signEverybodyOut",
    summary: "Ends every session: users who signed in with the password have to do so again.",
    right: "access",
    answer: { status: 204 },
    problems: [409, 503],
    async handle(call) {
      await change(call, { type: "end-sessions" });
      return { status: 204 };
    },
  }),
];
