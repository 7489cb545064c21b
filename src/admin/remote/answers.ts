import * as v from "valibot";
import type { Explanation } from "../schema/responses.ts";

// Answers of the API's other routes, as far as they are used here. A later server may add members.

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
  sentence: text,
  site: v.nullable(text),
  address: v.looseObject({ value: v.nullable(text), source: v.nullable(text), ignored: v.nullable(text) }),
  remarks: v.array(text),
  ifClosed: v.nullable(v.looseObject({ decision: decisionSchema, sentence: text })),
  answer: v.nullable(v.looseObject({ status: v.number(), headers: v.array(v.tuple([text, text])) })),
});

export function readNewToken(body: unknown): NewSecret {
  return v.parse(v.looseObject(newSecret), body);
}

export function readNewLink(body: unknown): NewSecret & { readonly query: string } {
  return v.parse(v.looseObject({ ...newSecret, query: text }), body);
}

export type RemoteExplanation = Explanation;

export function readExplanation(body: unknown): RemoteExplanation {
  // The closed list of reasons is checked where they are turned into text.
  return v.parse(explanationSchema, body) as unknown as RemoteExplanation;
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

/** Of `GET sites/{site}/exemptions`. */
export function readWarnings(body: unknown): readonly string[] {
  return v.parse(v.looseObject({ warnings: texts }), body).warnings;
}

export interface RemoteHealth {
  readonly state: string;
  readonly store: string;
  readonly version: number;
  readonly error: { readonly message: string; readonly hint: string } | null;
  readonly override: { readonly where: string } | null;
  readonly guessLimitReached: string | null;
  readonly ignoredProxies: readonly string[];
  readonly missedByMiddleware: string | null;
}

export function readHealth(body: unknown): RemoteHealth {
  return v.parse(
    v.looseObject({
      state: text,
      store: text,
      version: v.number(),
      error: v.nullable(v.looseObject({ message: text, hint: text })),
      override: v.nullable(v.looseObject({ where: text })),
      guessLimitReached: v.nullable(text),
      ignoredProxies: texts,
      missedByMiddleware: v.optional(v.nullable(text), null),
    }),
    body,
  );
}
