import { expect, test } from "vitest";
import { neededRights } from "../../../src/admin/api/command-rights.ts";
import { switchSettingsOf } from "../../../src/control/apply/restore-switch.ts";
import type { AnyCommand, SwitchSettings } from "../../../src/control/command.ts";
import { openRecord } from "../../../src/state/site-record.ts";

const open = switchSettingsOf(openRecord("shop"));
const lockdown: SwitchSettings = { ...open, mode: "closed", lockdown: true, restore: { lockdown: false } };
const letsIn = { paths: [{ pattern: "/*", description: "" }], addresses: [] };

function rights(command: AnyCommand): readonly string[] {
  return neededRights(command).flatMap(({ right, sites }) => sites.map((site) => `${right} ${site}`));
}

function restored(left: SwitchSettings, found: SwitchSettings): AnyCommand {
  return { type: "restore", records: [{ site: "shop", left, found }] };
}

const KEY = "k".repeat(43);
const LINK = { id: "link0001", label: "QA", hash: KEY, key: KEY, expires: null };
const TOKEN = { id: "token001", name: "ci", hash: KEY, may: ["view"], sites: null, expires: null } as const;

test.each<[AnyCommand, readonly string[]]>([
  [{ type: "close" }, ["switch *"]],
  [{ type: "close", sites: ["shop", "blog"], exempt: { paths: [] }, lockdown: true }, ["switch shop", "switch blog"]],
  [{ type: "open", sites: ["shop"], ignoreMissing: true }, ["switch shop"]],
  [{ type: "edit", site: "shop", version: 1, paths: [] }, ["edit shop"]],
  [{ type: "edit", site: "shop", version: 1, hosts: [] }, ["edit shop", "edit *"]],
  [{ type: "add-exemptions" }, ["edit *"]],
  [{ type: "remove-exemptions", site: "shop" }, ["edit shop"]],
  [{ type: "add-site", site: "docs" }, ["edit *"]],
  [{ type: "remove-site", site: "docs" }, ["edit *"]],
  [{ type: "add-link", site: "shop", link: LINK }, ["links shop"]],
  [{ type: "revoke-links" }, ["links *"]],
  [{ type: "add-token", token: { ...TOKEN, may: ["view"] } }, ["access *"]],
  [{ type: "revoke-tokens", tokens: ["token001"] }, ["access *"]],
  [{ type: "begin-sessions", key: KEY }, ["access *"]],
  [{ type: "end-sessions" }, ["access *"]],
  [restored(lockdown, open), ["switch shop"]],
  [restored(open, lockdown), ["switch shop"]],
])("%j needs the right %j", (command, needed) => {
  expect(rights(command)).toEqual(needed);
});

test.each([
  ["exempts", { ...open, exemptions: letsIn }],
  ["exempts once it is open", { ...open, mode: "closed" as const, restore: { exemptions: letsIn } }],
  ["tells something else", { ...open, notice: { ...open.notice, message: "Gone" } }],
])("restoring the state that a scope found needs the right to edit if it %s", (_case, found) => {
  expect(rights(restored(lockdown, found))).toEqual(["switch shop", "edit shop"]);
});
