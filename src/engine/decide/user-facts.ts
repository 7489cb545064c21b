import type { LogOutPolicy, UserPolicy } from "../../config/normal-options.ts";
import { atOnce } from "./at-once.ts";
import { ANONYMOUS, type UserFacts } from "./request-facts.ts";

/** Names that applications commonly use: a flag that is `true` or `1` (as SQL drivers return it), or an entry in `role` or `roles`. */
const STAFF = { flags: ["staff", "isStaff", "is_staff"], roles: ["staff"] };
const SUPERUSER = {
  flags: ["superuser", "isSuperuser", "is_superuser", "admin", "isAdmin", "is_admin"],
  roles: ["superuser", "admin"],
};

/** Returns the facts about the result of `getUser` that exemptions use; no result is an anonymous visitor. Throws what the predicate throws. */
export function userFacts(user: unknown, { predicate }: Pick<UserPolicy, "predicate">): UserFacts {
  const exempt = atOnce(predicate?.(user)) === true;
  if (user === undefined || user === null || user === false) return { ...ANONYMOUS, exempt };
  return { authenticated: true, staff: says(user, STAFF), superuser: says(user, SUPERUSER), exempt };
}

/** Whether the user is a visitor like any other: not signed in, and not exempt by the application's predicate. */
export function isAnonymous({ authenticated, staff, superuser, exempt }: UserFacts): boolean {
  return !(authenticated || staff || superuser || exempt);
}

function says(user: unknown, names: { readonly flags: readonly string[]; readonly roles: readonly string[] }): boolean {
  if (typeof user !== "object" || user === null) return false;
  if (names.flags.some((flag) => isSet(Reflect.get(user, flag)))) return true;
  const roles = [Reflect.get(user, "role"), Reflect.get(user, "roles")].flat();
  return roles.some((role) => names.roles.includes(role));
}

function isSet(flag: unknown): boolean {
  return flag === true || flag === 1 || flag === 1n;
}

/**
 * Whether `policy` ends this user's session. `superuser` applies to superusers, `staff` to staff, `authenticated` to all others; an absent
 * setting has the value of `authenticated`. For superusers, who are usually staff too, `staff` does not apply.
 */
export function isToBeLoggedOut(user: UserFacts, policy: LogOutPolicy | null): boolean {
  if (policy === null) return false;
  const { authenticated, staff, superuser } = policy;
  if (user.superuser) return superuser ?? authenticated;
  if (user.staff) return staff ?? authenticated;
  return authenticated && user.authenticated;
}

/**
 * Returns the user as common authentication middleware stores it: `user`, `session.user` or `auth.user` of the request (Passport,
 * sessions), or in Express of `response.locals` (Auth.js, Lucia).
 */
export function defaultUser(request: object): unknown {
  if (!isHolder(request)) return undefined;
  return userOf(request) ?? userOf(isHolder(request.res) ? request.res.locals : undefined);
}

function userOf(holder: unknown): unknown {
  if (!isHolder(holder)) return undefined;
  if (holder.user !== undefined) return holder.user;
  const { session, auth } = holder;
  return (isHolder(session) ? session.user : undefined) ?? (isHolder(auth) ? auth.user : undefined);
}

/** The members that are looked for. Each is read directly, since this is done for every request: `Reflect.get` takes ten times as long. */
type Holder = Readonly<Partial<Record<"user" | "session" | "auth" | "res" | "locals", unknown>>>;

function isHolder(value: unknown): value is Holder {
  return typeof value === "object" && value !== null;
}
