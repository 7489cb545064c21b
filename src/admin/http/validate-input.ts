import * as v from "valibot";
import { MaintenanceError } from "../../errors.ts";
import { describeIssue } from "../../validation/validate.ts";
import { RefusedRequest } from "./problem.ts";

const MAX_ERRORS = 50;

/** Parses input of a client. Throws a refusal with 422 and every invalid member, as JSON pointers. */
export function validateInput<T>(schema: v.GenericSchema<unknown, T>, value: unknown, what: "body" | "query"): T {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const errors = result.issues.slice(0, MAX_ERRORS).map((issue) => {
    const { message, hint } = describeIssue(issue, "ERR_INVALID_REQUEST", what);
    return { pointer: pointerOf(issue.path ?? []), message: `${message} ${hint}` };
  });
  const [first] = errors;
  throw new RefusedRequest(
    new MaintenanceError(
      "ERR_INVALID_REQUEST",
      errors.length === 1 && first !== undefined
        ? first.message
        : `${errors.length} members of the ${what} are invalid.`,
    ),
    { status: 422, errors },
  );
}

/** RFC 6901. */
function pointerOf(path: readonly { readonly key: unknown }[]): string {
  return path.map(({ key }) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
