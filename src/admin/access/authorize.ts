import * as v from "valibot";
import { messageOf } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import { RIGHTS, type Right } from "../../state/access-token.ts";
import { parseSiteId } from "../../state/site-record.ts";
import { closedObject, parsesWith, validate } from "../../validation/validate.ts";
import type { AdminRequest } from "./access.ts";
import type { Principal } from "./principal.ts";
import { grant, reachOf } from "./principal.ts";
import type { Refusal } from "./refusal.ts";

/** The caller, as the application knows it. */
export interface Authorized {
  /** Name for the history. */
  readonly name: string;
  /** A list of rights, or a function that is called for each right on each site, including `*`; only `true` grants it. */
  readonly may: readonly Right[] | ((right: Right, site: string) => boolean);
  /** Ids of the only sites on which the rights apply. @default every site */
  readonly sites?: readonly string[];
}

/**
 * The application's own way to identify the caller; it returns `null` or `false` for an unknown one. A function that throws, rejects or
 * returns anything else refuses the request, which is logged. It must not read the body of the request. `original` is the framework's own
 * request: with `expressAdmin` that of Express, with the `user` that its middleware has set; with `nodeAdmin` the `IncomingMessage`.
 */
export type Authorize = {
  // A method, so that functions whose `original` has the framework's type are assignable.
  authorize(request: Request, original: object): Authorized | null | false | Promise<Authorized | null | false>;
}["authorize"];

const answerSchema: v.GenericSchema<unknown, Authorized> = closedObject({
  name: v.pipe(v.string(), v.maxLength(200), v.regex(/^[^\p{Cc}]+$/u, "expected a name on one line")),
  may: v.custom<Authorized["may"]>(
    (value) => typeof value === "function" || (Array.isArray(value) && value.every((right) => RIGHTS.includes(right))),
    `expected a function, or a list of ${RIGHTS.join(", ")}`,
  ),
  sites: v.exactOptional(v.array(v.pipe(v.string(), parsesWith(parseSiteId)))),
});

/** Returns `null` if the application does not know the caller, and a refusal if it failed; the log has the reason. */
export async function askApplication(
  authorize: Authorize,
  { request, address, original }: AdminRequest,
  logger: Logger,
): Promise<Principal | Refusal | null> {
  try {
    const answer: unknown = await authorize(request, original);
    if (answer === null || answer === false) return null;
    const known = validate(answerSchema, answer, "ERR_INVALID_OPTION", "what authorize returned");
    return principalOf(known, address, logger);
  } catch (error) {
    logger.error(`The admin's option 'authorize' failed, so the request is refused: ${messageOf(error)}`);
    const hint = "Its function authorize failed: see the log.";
    return { status: 401, message: "The application could not identify the caller.", hint, cause: error };
  }
}

function principalOf({ name, may, sites }: Authorized, address: string | undefined, logger: Logger): Principal {
  const own = sites ?? null;
  return {
    name,
    via: "application",
    key: `${name} ${address ?? ""}`,
    ...(typeof may === "function" ? { sites: own, may: askedEachTime(may, own, logger) } : grant(may, own)),
  };
}

function askedEachTime(
  may: (right: Right, site: string) => boolean,
  sites: readonly string[] | null,
  logger: Logger,
): Principal["may"] {
  const reaches = reachOf(sites);
  return (right, site) => {
    if (!reaches(site)) return false;
    try {
      const answer: unknown = may(right, site);
      if (typeof answer === "boolean") return answer;
      // The call is synchronous: a promise cannot be awaited. An unhandled rejection would end the process.
      if (answer instanceof Promise) answer.catch(() => {});
      logger.error(
        `The function 'may' from authorize returned ${typeof answer} instead of a boolean for '${right}', so the right is denied.`,
      );
    } catch (error) {
      logger.error(`The function 'may' from authorize failed for '${right}': ${messageOf(error)}`);
    }
    return false;
  };
}
