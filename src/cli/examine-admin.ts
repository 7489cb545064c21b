import { broken, type Finding, fine, warning } from "../finding.ts";
import { type AdminClient, createAdminClient } from "../remote/admin-client.ts";
import { readHealth, readSession, readSites } from "../remote/answers.ts";
import { parseInstant } from "../state/instant.ts";
import { LARGEST_SKEW } from "./examine-project.ts";
import { formatTime } from "./format-time.ts";
import type { Session } from "./session.ts";
import { siteName } from "./site-name.ts";

/** What can be told of an admin from here: whether it answers, whom it takes this for, and how its server is. Throws when it cannot be asked. */
export async function examineAdmin(session: Session, url: string): Promise<readonly Finding[]> {
  const { clock, env } = session.context;
  const admin = createAdminClient({ url, token: env.MAINTENANCE_TOKEN, clock });
  const asked = await admin.get("session", {}, readSession);
  const skew = parseInstant(asked.now) - clock.now();
  return [
    fine("admin", `${admin.url} answers`),
    await rights(admin, asked),
    Math.abs(skew) > LARGEST_SKEW
      ? warning(
          "clock",
          `there it is ${formatTime(parseInstant(asked.now), session.time)}, and here ${formatTime(clock.now(), session.time)}`,
          "Set both clocks by NTP: ends of closures are told by the clock here, and kept by the one there.",
        )
      : fine("clock", "the same here and there"),
    ...(await health(admin)),
  ];
}

type Asked = ReturnType<typeof readSession>;

async function rights(admin: AdminClient, { name, may }: Asked): Promise<Finding> {
  if (may.length > 0) return fine("you", `'${name}', and may ${may.join(", ")} on every site`);
  const { sites } = await admin.get("sites", { limit: 20 }, readSites);
  const some = sites.map((site) => `${site.may.join(", ")} on ${siteName(site.id)}`);
  if (some.length > 0) return fine("you", `'${name}', and may ${some.join("; ")}`);
  return warning(
    "you",
    `'${name}', and may see no site`,
    "Make a token that may view sites, with `maintenance-mode token create`.",
  );
}

async function health(admin: AdminClient): Promise<readonly Finding[]> {
  const { state, store, version, error, override } = await admin.get("health", {}, readHealth);
  const behind = state === "live" || state === "polling";
  return [
    behind
      ? fine("server", `${state}, at version ${version}`)
      : warning("server", `its state is ${state}, at version ${version}`, "See whether its store can be reached."),
    error === null ? fine("store", store) : broken("store", `${store}: ${error.message}`, error.hint),
    override === null
      ? fine("override", "none: what is stored decides")
      : warning(
          "override",
          `${override.where} decides, and every switch is refused`,
          "Take it away on the server to switch by command.",
        ),
  ];
}
