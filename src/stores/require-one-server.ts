import { MaintenanceError } from "../errors.ts";

/** What the server is called in a store's own words. */
type Thing = "database" | "server";

interface Address {
  readonly url?: string | undefined;
  readonly connection: Readonly<Record<string, unknown>>;
}

/** Throws `ERR_INVALID_OPTION` unless there is one address, or one of `own`, the clients that a user has already, by their options. */
export function requireOneServer(
  store: string,
  thing: Thing,
  { url, connection }: Address,
  own: Readonly<Record<string, unknown>>,
): void {
  const given = Object.values(own).filter((client) => client !== undefined).length;
  const hasAddress = url !== undefined || Object.keys(connection).length > 0;
  const count = given + Number(hasAddress);
  if (count === 1) return;
  const others = Object.keys(own).map((option) => `, or '${option}'`);
  throw new MaintenanceError("ERR_INVALID_OPTION", `${store} has ${count === 0 ? "no" : "more than one"} ${thing}.`, {
    hint: `Pass 'url' (is the variable that it comes from set?) and 'connection'${others.join("")}.`,
  });
}
