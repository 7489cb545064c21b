import type { AdminRequest } from "./access/access.ts";
import type { AdminContext } from "./admin-context.ts";
import { LONGEST_BODY_TIME, readBody } from "./read-body.ts";

const FORM = "application/x-www-form-urlencoded";

const LARGEST_FORM = 65_536;

/** The fields of a form. Throws a refusal, as `readBody` does. */
export async function readForm({ gate }: AdminContext, { request }: AdminRequest): Promise<URLSearchParams> {
  const limits = { most: LARGEST_FORM, within: LONGEST_BODY_TIME, clock: gate.options.clock };
  return new URLSearchParams(await readBody(request, FORM, limits));
}
