import * as v from "valibot";
import type { Decision } from "../engine/decision.ts";
import type { ExplainedAnswer } from "../engine/explain-decision.ts";

// Answers of the API's other routes, as far as they are looked at here. A later server may add members.

const text = v.string();
const texts: v.GenericSchema<unknown, readonly string[]> = v.array(text);

interface NewSecret {
  readonly id: string;
  readonly token: string;
}
const newSecret = { id: text, token: text };

const rule = v.looseObject({ text, source: text, description: text });
const decisionSchema = v.looseObject({
  outcome: v.picklist(["allow", "admit", "block", "defer"]),
  site: v.nullable(text),
  mode: text,
  version: v.number(),
  rule: v.exactOptional(v.nullable(rule)),
  until: v.exactOptional(v.nullable(v.number())),
});
const explanationSchema = v.looseObject({
  decision: decisionSchema,
  answer: v.nullable(v.looseObject({ status: v.number(), headers: v.array(v.tuple([text, text])) })),
});

export function readNewToken(body: unknown): NewSecret {
  return v.parse(v.looseObject(newSecret), body);
}

export function readNewLink(body: unknown): NewSecret & { readonly query: string } {
  return v.parse(v.looseObject({ ...newSecret, query: text }), body);
}

export interface RemoteExplanation {
  readonly decision: Decision;
  readonly answer: ExplainedAnswer | null;
}

export function readExplanation(body: unknown): RemoteExplanation {
  const { decision, answer } = v.parse(explanationSchema, body);
  // Its closed list of reasons is checked where they are put into words.
  return { decision: decision as unknown as Decision, answer };
}

export interface RemoteSession {
  readonly name: string;
  readonly may: readonly string[];
  readonly now: string;
}

export function readSession(body: unknown): RemoteSession {
  return v.parse(v.looseObject({ name: text, may: texts, now: text }), body);
}

export interface RemoteSites {
  readonly sites: readonly { readonly id: string; readonly may: readonly string[] }[];
  readonly total: number;
}

export function readSites(body: unknown): RemoteSites {
  return v.parse(v.looseObject({ sites: v.array(v.looseObject({ id: text, may: texts })), total: v.number() }), body);
}

export interface RemoteHealth {
  readonly state: string;
  readonly store: string;
  readonly version: number;
  readonly error: { readonly message: string; readonly hint: string } | null;
  readonly override: { readonly where: string } | null;
}

export function readHealth(body: unknown): RemoteHealth {
  return v.parse(
    v.looseObject({
      state: text,
      store: text,
      version: v.number(),
      error: v.nullable(v.looseObject({ message: text, hint: text })),
      override: v.nullable(v.looseObject({ where: text })),
    }),
    body,
  );
}
