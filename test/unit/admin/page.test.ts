import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { adminWith } from "../../../src/admin/admin-with.ts";
import { answerWithFile } from "../../../src/admin/page/page-files.ts";
import { type AdminUnderTest, type Answer, adminUnderTest, SITES } from "./admin-under-test.ts";

let under: AdminUnderTest;

beforeEach(() => {
  under = adminUnderTest();
});

afterEach(() => under.close());

const FORM = { "content-type": "application/x-www-form-urlencoded" };

async function submit(form: string, fields: Readonly<Record<string, string>>, as = "root"): Promise<Answer> {
  const body = new URLSearchParams(fields).toString();
  return await under.ask(`POST /maintenance/${form}`, body, { ...FORM, "x-user": as });
}

describe("the page without script", () => {
  test("shows the password form to a user who is not signed in, or what to configure", async () => {
    const page = await under.ask("GET /maintenance/", undefined, { "x-user": "unknown" });
    expect(page.status).toBe(200);
    expect(page.text).toContain('<label for="password">Password</label>');
    expect(page.text).not.toContain("shop");
    expect((await submit("sign-in", { password: "wrong" }, "unknown")).headers.get("location")).toBe(
      "./?refused=sign-in",
    );
    const wrong = await under.ask("GET /maintenance/?refused=sign-in", undefined, { "x-user": "unknown" });
    expect(wrong.text).toContain("Wrong password.");
    const told = await under.ask("GET /maintenance/?refused=ERR_UNAUTHENTICATED", undefined, { "x-user": "unknown" });
    expect(told.text).toContain("Your session has ended. Sign in again.");
    const late = await under.ask("GET /maintenance/?refused=ERR_TOO_MANY_REQUESTS&wait=130", undefined, {
      "x-user": "unknown",
    });
    expect(late.text).toContain("Too many attempts. Try again in 3 minutes.");
    const forged = await under.ask("GET /maintenance/?refused=<b>&wait=<b>", undefined, { "x-user": "unknown" });
    expect(forged.text).toContain("The request was refused, and nothing was changed.");
    expect(forged.text).not.toContain("<b>");
  });

  test("lists the sites that the user may view, with search and pages, and a box for those that the user may switch", async () => {
    under.access.add("ann", ["view"], ["shop"]);
    const own = await under.ask("GET /maintenance/", undefined, { "x-user": "ann" });
    expect(own.text).toContain('<label for="site-shop">shop</label>');
    expect(own.text).not.toMatch(/blog|type="checkbox"/);
    const found = await under.ask("GET /maintenance/?search=blog");
    expect(found.text).toContain('<input type="checkbox" name="site" id="site-blog" value="blog">');
    expect(found.text).not.toContain('value="shop"');
    await under.close();
    const many = Array.from({ length: 60 }, (_, i) => [`site-${String(i).padStart(2, "0")}`, {}] as const);
    under = adminUnderTest({ ...SITES, sites: Object.fromEntries(many) });
    expect((await under.ask("GET /maintenance/")).text).toContain('<a href="./?after=site-48">More sites</a>');
    expect((await under.ask("GET /maintenance/?after=site-48")).text).toContain('value="site-59"');
  });

  test("closes and opens sites, and reports it", async () => {
    const closed = await submit("close", { site: "shop", message: "Back at nine", reason: "moving", sure: "yes" });
    expect([closed.status, closed.headers.get("location")]).toEqual([303, "./?done=close"]);
    expect((await under.ask("GET /maintenance/?done=close")).text).toContain('<p role="status">Closed.</p>');
    expect((await under.ask("GET sites/shop")).json).toMatchObject({
      mode: "closed",
      notice: { message: "Back at nine" },
      changed: { reason: "moving", by: { label: "root" } },
    });
    expect((await submit("open", { site: "shop", message: "" })).headers.get("location")).toBe("./?done=open");
    expect(under.gate.mode("shop")).toBe("open");
    expect(under.log.filter((line) => /(close|open)Sites on shop/.test(line))).toHaveLength(2);
  });

  test("asks once before it closes a site, and names before and after who would be locked out", async () => {
    const asked = await submit("close", { site: "shop", message: "<Back> at nine", reason: "moving" });
    expect(asked.status).toBe(200);
    expect(asked.text).toContain("<h2>Close shop?</h2>");
    expect(asked.text).toContain("Visitors will see “&lt;Back&gt; at nine”");
    expect(asked.text).toContain("You will not get in to &#39;shop&#39; yourself");
    expect(asked.text).toContain('<input type="hidden" name="reason" value="moving">');
    expect(asked.text).not.toContain("<script");
    expect((await under.controller.state()).version).toBe(0);
    expect((await under.ask("GET /maintenance/")).text).not.toContain("yourself");
    await submit("close", { site: "shop", sure: "yes" });
    expect((await under.ask("GET /maintenance/?done=close")).text).toContain(
      "You will not get in to &#39;shop&#39; yourself",
    );
  });

  test("says that a switch has no effect during an override", async () => {
    await under.close();
    under = adminUnderTest({ ...SITES, override: "on" });
    expect((await under.ask("GET /maintenance/")).text).toContain("no switch has any effect until it is removed");
    expect((await submit("close", { site: "shop" })).headers.get("location")).toBe("./?refused=ERR_OVERRIDDEN");
  });

  test.each([
    ["close", {}, "root", "ERR_INVALID_REQUEST"],
    ["close", { site: "nope" }, "root", "ERR_UNKNOWN_SITE"],
    ["close", { site: "NOPE" }, "root", "ERR_INVALID_REQUEST"],
    ["close", { site: "shop", message: "x".repeat(6_000) }, "root", "ERR_INVALID_REQUEST"],
    ["close", { site: "shop", message: "x".repeat(70_000) }, "root", "ERR_INVALID_REQUEST"],
    ["open", { site: "shop" }, "unknown", "ERR_UNAUTHENTICATED"],
    ["open", { site: "*" }, "ann", "ERR_FORBIDDEN"],
    ["sign-in", {}, "unknown", "ERR_INVALID_REQUEST"],
  ])("refuses %s with %j as %s, and changes nothing", async (form, fields, as, code) => {
    under.access.add("ann", ["view", "switch"], ["shop"]);
    expect((await submit(form, fields, as)).headers.get("location")).toBe(`./?refused=${code}`);
    expect((await under.controller.state()).version).toBe(0);
  });

  test("accepts no JSON in a form", async () => {
    const answer = await under.ask("POST /maintenance/close", { site: "shop" });
    expect(answer.headers.get("location")).toBe("./?refused=ERR_INVALID_REQUEST");
  });
});

describe("the name of the installation", () => {
  const withName = (name: unknown) => adminWith(under.access, { ...under, ...({ name } as { name: string }) });

  test("is in the title, for the script and on the page: the option, or else the host", async () => {
    const byHost = (await under.ask("GET /maintenance/", undefined, { "x-user": "unknown" })).text;
    expect(byHost).toContain("<title>Sign in · admin.example</title>");
    expect(byHost).toContain('<meta name="application-name" content="admin.example">');
    const request = new Request("http://admin.example/maintenance/", { headers: { "x-user": "root" } });
    const named = await (await withName("Acme, <staging>").fetch(request)).text();
    expect(named).toContain("<title>Sites · Acme, &lt;staging&gt;</title>");
    expect(named).toContain('<meta name="application-name" content="Acme, &lt;staging&gt;">');
  });

  test.each(["", " ", "a\nb", "x".repeat(101), 7, null])("cannot be %j", (name) => {
    expect(() => withName(name)).toThrow(expect.objectContaining({ code: "ERR_INVALID_OPTION" }));
  });
});

test("the page contains the user who is signed in, and no secret", async () => {
  const start = async (user: string): Promise<unknown> => {
    const { text } = await under.ask("GET /maintenance/", undefined, { "x-user": user });
    const [, content = ""] = /<meta name="admin-start" content="([^"]*)">/.exec(text) ?? [];
    return JSON.parse(content.replaceAll("&quot;", '"'));
  };
  expect(await start("unknown")).toMatchObject({ state: "out", ways: {} });
  expect(await start("root")).toEqual({ state: "in", session: (await under.ask("GET session")).json });
});

describe("an asset of the page", () => {
  const files = {
    script: "assets/index-1a2b.js",
    style: "assets/index-3c4d.css",
    languages: {},
    files: { "assets/index-1a2b.js": { type: "text/javascript; charset=utf-8", text: "1" } },
  };

  test("is cached for a year", () => {
    const { headers, status } = answerWithFile(files, "assets/index-1a2b.js");
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  test.each(["assets/index-3c4d.css", "assets/", "toString", "__proto__"])("does not exist: %s", (name) => {
    expect(() => answerWithFile(files, name)).toThrow("There is no such file.");
  });
});

test("the path without a slash redirects to the one with it, and other paths do not exist", async () => {
  const bare = await under.ask("GET /maintenance");
  expect([bare.status, bare.headers.get("location")]).toEqual([302, "maintenance/"]);
  for (const path of ["/", "/maintenances/", "/maintenance/nope", "/maintenance/api/v1", "/maintenance/api/v1/"]) {
    expect((await under.ask(`GET ${path}`)).status).toBe(404);
  }
  expect((await under.ask("POST /maintenance/", "x")).headers.get("allow")).toBe("GET, HEAD");
});

test.each(["maintenance", "/maintenance/", "/a//b", "/a/../b", "/a b", "/%61", "/a?b", "//a"])(
  "refuses '%s' as basePath",
  async (basePath) => {
    expect(() => adminWith(under.access, { ...under, basePath })).toThrow(/is not a path/);
  },
);

test("a page of the same site on another port can neither frame nor load the answers", async () => {
  for (const path of ["sites", "openapi.json", "nope", "/maintenance"]) {
    const { headers } = await under.ask(`GET ${path}`);
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get("x-frame-options")).toBe("DENY");
  }
});
