import type { AdminRequest } from "../access/access.ts";
import type { AdminContext } from "../admin-context.ts";
import { MAX_BODY_MS, readBody } from "./read-body.ts";

const FORM = "application/x-www-form-urlencoded";

const MAX_FORM_BYTES = 65_536;

/** The fields of a form. Throws a refusal, as `readBody` does. */
export async function readForm({ gate }: AdminContext, { request }: AdminRequest): Promise<URLSearchParams> {
  const limits = { most: MAX_FORM_BYTES, within: MAX_BODY_MS, clock: gate.options.clock };
  return new URLSearchParams(await readBody(request, FORM, limits));
}
