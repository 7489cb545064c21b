import { describe, expect, test } from "vitest";
import { unreachable } from "../../../src/admin/remote/unreachable.ts";

const URL = "https://ops.example/maintenance/";

function failed(code: string): Error {
  const root = Object.assign(new Error("deep down"), { code });
  return new TypeError("fetch failed", { cause: root });
}

describe("the reason why the admin is unreachable", () => {
  test.each([
    ["ECONNREFUSED", "no server listens at that port", "fix the port"],
    ["ENOTFOUND", "the host does not exist", "Fix the host"],
    ["EAI_AGAIN", "its name could not be looked up", "online"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "its certificate is self-signed", "NODE_EXTRA_CA_CERTS"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "signed by an unknown authority", "NODE_EXTRA_CA_CERTS"],
    ["CERT_HAS_EXPIRED", "its certificate has expired", "Renew"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is for another host", "the name that the certificate is for"],
    ["toString", "the connection broke (deep down)", "check `status` first"],
  ])("%s: %s", (code, why, hint) => {
    const { message, hint: told } = unreachable(URL, failed(code), { seconds: null, writes: true });
    expect(message).toBe(`The admin at ${URL} cannot be reached: ${message.split("reached: ")[1]}`);
    expect(message).toContain(why);
    expect(told).toContain(hint);
  });

  test("is found among the errors of all addresses of a host", () => {
    const each = new AggregateError([Object.assign(new Error("first"), { code: "ECONNREFUSED" })]);
    const cause = new TypeError("fetch failed", { cause: each });
    expect(unreachable(URL, cause, { seconds: null, writes: false }).message).toContain("no server listens");
  });

  test("says that a sent request may have taken effect, unless it never arrived", () => {
    const hintOf = (seconds: number | null, code: string): string =>
      unreachable(URL, failed(code), { seconds, writes: true }).hint;
    expect(hintOf(10, "ABORT_ERR")).toContain("may have been made");
    expect(hintOf(null, "ECONNRESET")).toContain("may have been made");
    expect(hintOf(null, "ECONNREFUSED")).not.toContain("may have been made");
  });
});
