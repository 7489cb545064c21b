import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { RequestHandler, Response } from "express";
import { type Account, findAccount } from "./accounts.ts";

declare module "express-serve-static-core" {
  interface Request {
    /** The signed-in user, in the place where the gate looks by default. */
    user?: Account;
  }
}

const COOKIE = "session";
const HOUR = 3_600_000;
/** A new key for each start, after which users have to sign in again. */
const key = randomBytes(32);

/** Sets the user of the signed cookie. */
export const session: RequestHandler = (request, _response, next) => {
  const values = (request.headers.cookie ?? "").split("; ").filter((pair) => pair.startsWith(`${COOKIE}=`));
  const account = values.map((pair) => readCookie(pair.slice(COOKIE.length + 1))).find((found) => found !== undefined);
  if (account !== undefined) request.user = account;
  next();
};

export function signIn(response: Response, account: Account): void {
  const claim = `${account.name}.${Date.now() + HOUR}`;
  response.cookie(COOKIE, `${claim}.${sign(claim)}`, { httpOnly: true, sameSite: "lax", maxAge: HOUR });
}

export function signOut(response: Response): void {
  response.clearCookie(COOKIE);
}

function readCookie(value: string): Account | undefined {
  const [name = "", end = "", signature = ""] = value.split(".");
  const expected = Buffer.from(sign(`${name}.${end}`));
  const given = Buffer.from(signature);
  const genuine = given.length === expected.length && timingSafeEqual(given, expected);
  return genuine && Number(end) > Date.now() ? findAccount(name) : undefined;
}

function sign(claim: string): string {
  return createHmac("sha256", key).update(claim).digest("base64url");
}
