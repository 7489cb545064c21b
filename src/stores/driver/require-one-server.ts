import { MaintenanceError } from "../../errors.ts";

/** What the server is called in a store's own words. */
type Thing = "database" | "server";

type Options = Readonly<Record<string, unknown>>;

interface Address {
  /** By the option that names it. */
  readonly address: Options;
  readonly connection: Options;
}

/** Throws `ERR_INVALID_OPTION` unless there is one address, or one of `own`, the clients that a user has already, by their options. */
export function requireOneServer(store: string, thing: Thing, { address, connection }: Address, own: Options): void {
  const isGiven = (value: unknown): boolean => value !== undefined;
  const hasAddress = Object.values(address).some(isGiven) || Object.keys(connection).length > 0;
  const count = Object.values(own).filter(isGiven).length + Number(hasAddress);
  if (count === 1) return;
  const others = Object.keys(own).map((option) => `, or '${option}'`);
  throw new MaintenanceError("ERR_INVALID_OPTION", `${store} has ${count === 0 ? "no" : "more than one"} ${thing}.`, {
    hint: `Pass '${Object.keys(address).join()}' (is the variable that it comes from set?) and 'connection'${others.join("")}.`,
  });
}
