import type { Access, AdminRequest, Identified } from "../../../src/admin/access/access.ts";
import { grant as grantTo, type Principal, RIGHTS, type Right } from "../../../src/admin/access/principal.ts";
import { MaintenanceError } from "../../../src/errors.ts";

export interface FakeAccess extends Access {
  /** Adds a caller, who is identified by `name` in the header `x-user`. */
  add(name: string, may: readonly Right[], sites?: readonly string[]): void;
  /** Adds a caller whose rights are decided by a function of right and site. */
  grant(name: string, may: Principal["may"]): void;
  /** Removes a caller, who is unknown from now on. */
  remove(name: string): void;
}

/** Creates an access that trusts the header `x-user` and knows `root`, who has all rights. */
export function fakeAccess(): FakeAccess {
  const people = new Map<string, Principal>();
  const know = (name: string, rights: Pick<Principal, "may" | "sites">): void => {
    people.set(name, { name, via: "application", key: name, ...rights });
  };
  const grant: FakeAccess["grant"] = (name, may) => know(name, { may });
  const add: FakeAccess["add"] = (name, may, sites) => know(name, grantTo(may, sites ?? null));
  add("root", RIGHTS);

  async function identify({ request }: AdminRequest): Promise<Identified> {
    const principal = people.get(request.headers.get("x-user") ?? "");
    if (principal !== undefined) return { outcome: "known", principal, headers: [] };
    return { outcome: "refused", status: 401, error: new MaintenanceError("ERR_UNAUTHENTICATED", "Who?"), headers: [] };
  }

  return {
    ways: { application: true, tokens: false, password: true },
    advice: null,
    identify,
    signIn: identify,
    signOut: async () => [["Set-Cookie", "session=; Max-Age=0"]],
    add,
    grant,
    remove: (name) => void people.delete(name),
  };
}
