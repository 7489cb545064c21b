import { afterEach, describe, expect, test } from "vitest";
import { readPassword } from "../../../../src/admin/access/password.ts";
import { hashPassword, parsePasswordHash } from "../../../../src/admin/access/password-hash.ts";
import { type AccessUnderTest, accessUnderTest, asks, PASSWORD, SAME_ORIGIN, signIn } from "./access-under-test.ts";

// The hash of `correct horse battery`, cheaper than the default and made by another implementation than the tested one.
const CHEAP = "scrypt.14.8.1.c2FsdHNhbHRzYWx0c2FsdA.lqZtHuTPZ7f2ADxZZRdy2d4Fd9ik-3qSDP91OwLa4L8";

let it: AccessUnderTest | undefined;
afterEach(async () => {
  await it?.close();
  it = undefined;
});

async function guess(password: string, address = "192.0.2.1") {
  if (it === undefined) throw new Error("There is no access yet.");
  return await it.access.signIn(asks("POST", SAME_ORIGIN, { address }), password);
}

describe("guessing a password", () => {
  test("slows down with each wrong password, also for the right one, but not for other clients and sessions", async () => {
    it = await accessUnderTest({ password: PASSWORD });
    const cookie = await signIn(it);
    for (let attempt = 1; attempt <= 5; attempt += 1)
      expect(await guess(`wrong ${attempt}`)).toMatchObject({ status: 401 });
    expect(await guess(PASSWORD)).toMatchObject({
      outcome: "refused",
      status: 429,
      error: { code: "ERR_TOO_MANY_REQUESTS" },
      headers: [["Retry-After", "15"]],
    });
    expect(await guess(PASSWORD, "192.0.2.2")).toMatchObject({ outcome: "known" });
    expect(await it.access.identify(asks("POST", { cookie, ...SAME_ORIGIN }))).toMatchObject({ outcome: "known" });
    const waits: string[] = [];
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      const [, seconds = ""] = (await guess("wrong")).headers[0] ?? [];
      waits.push(seconds);
      await it.clock.advance(Number(seconds) * 1_000 - 1);
      expect(await guess(PASSWORD)).toMatchObject({ status: 429, headers: [["Retry-After", "1"]] });
      await it.clock.advance(1);
      expect(await guess("wrong")).toMatchObject({ status: 401 });
    }
    expect(waits).toEqual(["15", "30", "60", "120", "240", "480", "900", "900"]);
    await it.clock.advance(900_000);
    expect(await guess(PASSWORD)).toMatchObject({ outcome: "known" });
    expect(await guess("wrong")).toMatchObject({ status: 401 });
    expect(await guess(PASSWORD)).toMatchObject({ outcome: "known" });
  });

  test("is forgotten after an hour, and counts a /64, or clients without an address, as one", async () => {
    it = await accessUnderTest({ password: PASSWORD });
    for (const address of ["2001:db8::", ""]) {
      for (let attempt = 1; attempt <= 4; attempt += 1) await guess("wrong", `${address}${attempt}`);
    }
    await it.clock.advance(3_600_000);
    for (const address of ["2001:db8::", ""]) {
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        expect(await guess("wrong", `${address}${attempt}`)).toMatchObject({ status: 401 });
      }
      expect(await guess("wrong", `${address}9`)).toMatchObject({ status: 429 });
    }
    expect(await guess("wrong", "2001:db8:0:1::1")).toMatchObject({ status: 401 });
  });
});

test.each(["", " ", PASSWORD.slice(1), `${PASSWORD} `, PASSWORD.toUpperCase(), "x".repeat(100_000)])(
  "'%.30s' is a wrong password",
  async (candidate) => {
    it = await accessUnderTest({ password: PASSWORD });
    expect(await guess(candidate)).toMatchObject({
      outcome: "refused",
      status: 401,
      error: { message: "The password is wrong." },
    });
  },
);

describe("a password hash", () => {
  test("admits the password that it was made from, and does not reveal it", async () => {
    const hash = await hashPassword(PASSWORD);
    expect(hash).toMatch(/^scrypt\.15\.8\.3\.[\w-]{22}\.[\w-]{43}$/);
    expect(await hashPassword(PASSWORD)).not.toBe(hash);
    it = await accessUnderTest({ passwordHash: hash });
    expect(await guess(PASSWORD)).toMatchObject({ outcome: "known" });
  });

  test("matches RFC 7914", async () => {
    const password = readPassword({ passwordHash: CHEAP });
    expect(await password?.check(PASSWORD)).toBe(true);
    expect(await password?.check("correct horse batterz")).toBe(false);
    expect(await password?.check(CHEAP)).toBe(false);
  });

  test("is checked at most twice at once for one client", async () => {
    const password = readPassword({ passwordHash: CHEAP });
    const place = { rank: 1, client: "one", network: "net" };
    const answers = await Promise.all(Array.from({ length: 4 }, () => password?.check(PASSWORD, place)));
    expect(answers).toEqual([true, true, "busy", "busy"]);
    expect(await password?.check(PASSWORD, place)).toBe(true);
  });

  test("is refused for a password that is too short", async () => {
    await expect(hashPassword("eleven char")).rejects.toMatchObject({
      code: "ERR_INVALID_OPTION",
      message: "the password has 11 characters.",
    });
  });

  test.each([
    "",
    "scrypt",
    CHEAP.replace("14", "13"),
    CHEAP.replace("14", "19"),
    CHEAP.replace(".8.", ".7."),
    CHEAP.replace(".1.", ".0."),
    `${CHEAP}x`,
  ])("is refused: '%s'", (text) => {
    expect(() => parsePasswordHash(text)).toThrow(
      expect.objectContaining({ code: "ERR_INVALID_OPTION", hint: expect.stringContaining("token hash-password") }),
    );
  });
});

test("composed and decomposed letters make the same password", async () => {
  it = await accessUnderTest({ password: "Käse und Brötchen".normalize("NFD") });
  expect(await guess("Käse und Brötchen".normalize("NFC"))).toMatchObject({ outcome: "known" });
});
