import type { LogOutPolicy, NormalOptions } from "../../config/normal-options.ts";
import type { UserFacts } from "../../engine/request-facts.ts";
import { messageOf } from "../../errors.ts";

/** By the most particular kind that the option `logOut` names: `{ authenticated: true, staff: false }` keeps staff signed in. */
export function isToBeLoggedOut(user: UserFacts, policy: LogOutPolicy | null): boolean {
  if (policy === null) return false;
  const { authenticated, staff, superuser } = policy;
  if (user.superuser && superuser !== null) return superuser;
  if (user.staff && staff !== null) return staff;
  return authenticated && user.authenticated;
}

/** Never rejects: what fails is reported, and the request counts as anonymous either way. */
export async function logOut(options: Pick<NormalOptions, "logOut" | "logger">, request: object): Promise<void> {
  try {
    await options.logOut?.with(request);
  } catch (error) {
    options.logger.error(`logOut.with failed, and the request counts as anonymous all the same: ${messageOf(error)}`);
  }
}
