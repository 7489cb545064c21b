import { MaintenanceError } from "../../errors.ts";

const LOOPBACK = /^(?:localhost|(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * Converts the address of an admin in a browser, `https://ops.example/maintenance/#/sites/shop`, to the base address of its API, with a
 * trailing slash. Throws `ERR_INVALID_OPTION`, without anything that may be a secret.
 */
export function parseAdminUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw refuse("it is not an http address", "Write it as a browser shows it: https://ops.example/maintenance/");
  }
  if (url.username !== "" || url.password !== "" || url.search !== "") {
    throw refuse("it contains more than an address", "Leave out the user, the password and what follows the '?'.");
  }
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname)) {
    throw refuse(
      `${url.host} is reached without encryption, so the token could be read on the way`,
      `Write https://${url.host}${url.pathname}; plain http is for this machine only, as at http://localhost:3000/.`,
    );
  }
  return `${url.origin}${url.pathname.replace(/\/*$/, "/")}`;
}

function refuse(why: string, hint: string): MaintenanceError {
  return new MaintenanceError(
    "ERR_INVALID_OPTION",
    `The admin's URL (--url or MAINTENANCE_URL) cannot be used: ${why}.`,
    {
      hint,
    },
  );
}
