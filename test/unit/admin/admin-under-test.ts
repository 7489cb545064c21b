import { expect } from "vitest";
import type { Admin } from "../../../src/admin/admin.ts";
import { adminWith } from "../../../src/admin/admin-with.ts";
import type { MaintenanceOptions } from "../../../src/config/options.ts";
import { type GateInternals, gateInternals } from "../../../src/gate/internals.ts";
import { type GateUnderTest, gateUnderTest } from "../../support/gate-under-test.ts";
import { undocumented } from "./description-check.ts";
import { type FakeAccess, fakeAccess } from "./fake-access.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text parsed as JSON, or `null` if it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read the members that they expect
  readonly json: any;
}

export interface AdminUnderTest extends GateUnderTest {
  readonly gate: GateInternals;
  readonly admin: Admin;
  readonly access: FakeAccess;
  /**
   * Sends a request such as `GET sites` as `root` from 192.0.2.1 and checks the answer against the API's description. The path is relative
   * to `/maintenance/api/v1/`; a path with a leading slash is relative to the server.
   */
  ask(line: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  close(): Promise<void>;
}

export const SITES = {
  sites: { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example", "*.blog.example"] } },
  exempt: { wellKnownPaths: [] },
};

export function adminUnderTest(options: MaintenanceOptions = SITES): AdminUnderTest {
  const under = gateUnderTest(options);
  const access = fakeAccess();
  const gate = gateInternals(under.gate);
  const admin = adminWith(access, { ...under, gate });
  return {
    ...under,
    gate,
    admin,
    access,
    async ask(line, body, headers = {}) {
      const [method = "", path = ""] = line.split(" ");
      const url = `http://admin.example${path.startsWith("/") ? path : `/maintenance/api/v1/${path}`}`;
      const sent = typeof body === "string" ? body : JSON.stringify(body);
      const type: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
      const request = new Request(url, {
        method,
        headers: { "x-user": "root", ...type, ...headers },
        ...(body === undefined ? {} : { body: sent }),
      });
      const response = await admin.fetch(request, { address: "192.0.2.1" });
      const text = await response.text();
      const { pathname } = new URL(url);
      const api = "/maintenance/api/v1";
      if (pathname.startsWith(`${api}/`)) {
        expect(undocumented(method, pathname.slice(api.length), response, text)).toEqual([]);
      }
      return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
    },
    async close() {
      admin.close();
      await under.gate.close();
      await under.controller.dispose();
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
