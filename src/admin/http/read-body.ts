import type { Clock } from "../../clock.ts";
import { setDeadline } from "../../deadline.ts";
import type { AdminRequest } from "../access/access.ts";
import type { AdminContext } from "../admin-context.ts";
import { badRequest } from "./problem.ts";

export interface BodyLimits {
  /** In bytes. */
  readonly most: number;
  /** In milliseconds, from the first to the last byte. */
  readonly within: number;
  readonly clock: Clock;
}

/** Limit for identified callers. Parsing and validating a body blocks the event loop. */
export const MAX_BODY_BYTES = 262_144;
/** Limit for any caller: a password. */
export const MAX_OPEN_BODY_BYTES = 4_096;
/** Limit for a form of the page. */
const MAX_FORM_BYTES = 65_536;
/** From the first to the last byte. */
export const MAX_BODY_MS = 10_000;

/** Returns the text of the body. Throws a refusal: 415 for another type, coding or charset, 413, 408 if it arrives too slowly, 400 if it is not UTF-8. */
export async function readBody(request: Request, type: string, limits: BodyLimits): Promise<string> {
  requireType(request.headers, type);
  const declared = request.headers.get("content-length");
  if (declared !== null && Number(declared) > limits.most) throw tooLarge(limits.most);
  const bytes = await collect(request, limits);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw badRequest(400, "The body is not UTF-8.");
  }
}

function requireType(headers: Headers, type: string): void {
  const given = headers.get("content-type") ?? "";
  const [essence = "", ...parameters] = given.split(";").map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice("charset=".length);
  const coding = headers.get("content-encoding") ?? "identity";
  const isUtf8 = charset === undefined || /^"?utf-?8"?$/.test(charset);
  if (essence === type && isUtf8 && coding.toLowerCase() === "identity") return;
  throw badRequest(415, `The body is '${given.slice(0, 80)}', and must be ${type} in UTF-8, not compressed.`);
}

async function collect(request: Request, { most, within, clock }: BodyLimits): Promise<Uint8Array> {
  const { body } = request;
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let stop = (): void => {};
  const late = new Promise<"late">((resolve) => {
    stop = setDeadline(clock, () => resolve("late"), within);
  });
  try {
    for (;;) {
      const read = await Promise.race([reader.read().catch(() => "lost" as const), late]);
      if (read === "lost") throw badRequest(400, "The body is incomplete.");
      if (read === "late") throw badRequest(408, `The body did not arrive within ${within / 1_000} seconds.`);
      if (read.done) return join(chunks, size);
      size += read.value.byteLength;
      if (size > most) throw tooLarge(most);
      chunks.push(read.value);
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    throw error;
  } finally {
    stop();
  }
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

function tooLarge(most: number): Error {
  return badRequest(413, `The body is larger than ${most} bytes.`);
}

/** Returns the fields of a form. Throws a refusal as `readBody` does. */
export async function readForm({ gate }: AdminContext, { request }: AdminRequest): Promise<URLSearchParams> {
  const limits = { most: MAX_FORM_BYTES, within: MAX_BODY_MS, clock: gate.options.clock };
  return new URLSearchParams(await readBody(request, "application/x-www-form-urlencoded", limits));
}
