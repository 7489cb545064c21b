import type { UserPolicy } from "../config/normal-options.ts";
import { ANONYMOUS, type UserFacts } from "./request-facts.ts";

/** Names under which applications commonly say so: a flag that is `true`, or an entry in `role` or `roles`. */
const STAFF = { flags: ["staff", "isStaff", "is_staff"], roles: ["staff"] };
const SUPERUSER = {
  flags: ["superuser", "isSuperuser", "is_superuser", "admin", "isAdmin", "is_admin"],
  roles: ["superuser", "admin"],
};

/** What an exemption may know of whatever `getUser` gave; nothing there is an anonymous visitor. Throws what the predicate throws. */
export function userFacts(user: unknown, { predicate }: Pick<UserPolicy, "predicate">): UserFacts {
  const exempt = predicate?.(user) === true;
  if (user === undefined || user === null || user === false) return { ...ANONYMOUS, exempt };
  return { authenticated: true, staff: says(user, STAFF), superuser: says(user, SUPERUSER), exempt };
}

function says(user: unknown, names: { readonly flags: readonly string[]; readonly roles: readonly string[] }): boolean {
  if (typeof user !== "object" || user === null) return false;
  if (names.flags.some((flag) => Reflect.get(user, flag) === true)) return true;
  const roles = [Reflect.get(user, "role"), Reflect.get(user, "roles")].flat();
  return roles.some((role) => names.roles.includes(role));
}

/** Where the usual authentication of a framework leaves the user: `request.user`, `request.session.user`, `request.auth.user`. */
export function defaultUser(request: object): unknown {
  const own: unknown = Reflect.get(request, "user");
  if (own !== undefined) return own;
  for (const holder of ["session", "auth"]) {
    const value: unknown = Reflect.get(request, holder);
    if (typeof value === "object" && value !== null && Reflect.has(value, "user")) return Reflect.get(value, "user");
  }
  return undefined;
}
