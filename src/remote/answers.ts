import * as v from "valibot";
import type { Decision } from "../engine/decision.ts";
import type { ExplainedAnswer } from "../engine/explain-decision.ts";

// Answers of the API's other routes, as far as they are looked at here. A later server may add members.

const text = v.string();
const texts: v.GenericSchema<unknown, readonly string[]> = v.array(text);

const newSecretSchema = v.looseObject({ id: text, token: text });
const newLinkSchema = v.looseObject({ id: text, token: text, query: text });

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

const sessionSchema = v.looseObject({ name: text, may: texts, now: text });
const sitesSchema = v.looseObject({ sites: v.array(v.looseObject({ id: text, may: texts })), total: v.number() });
const healthSchema = v.looseObject({
  state: text,
  store: text,
  version: v.number(),
  error: v.nullable(v.looseObject({ message: text, hint: text })),
  override: v.nullable(v.looseObject({ where: text })),
});

export function readNewToken(body: unknown): v.InferOutput<typeof newSecretSchema> {
  return v.parse(newSecretSchema, body);
}

export function readNewLink(body: unknown): v.InferOutput<typeof newLinkSchema> {
  return v.parse(newLinkSchema, body);
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

export function readSession(body: unknown): v.InferOutput<typeof sessionSchema> {
  return v.parse(sessionSchema, body);
}

export function readSites(body: unknown): v.InferOutput<typeof sitesSchema> {
  return v.parse(sitesSchema, body);
}

export function readHealth(body: unknown): v.InferOutput<typeof healthSchema> {
  return v.parse(healthSchema, body);
}
