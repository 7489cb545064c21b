import { type AdminClient, createAdminClient } from "../../admin/remote/admin-client.ts";
import { type RemoteHealth, readHealth, readSession, readSites, readWarnings } from "../../admin/remote/answers.ts";
import { remoteFleet } from "../../admin/remote/fleet.ts";
import { errorFinding, type Finding, okFinding, warnFinding } from "../../finding.ts";
import { parseInstant } from "../../state/instant.ts";
import { listSome } from "../../text/list.ts";
import { siteName } from "../../text/site-name.ts";
import type { Session } from "../session.ts";
import { formatTime, type TimeReference } from "../times/format-time.ts";
import { examineFleet } from "./examine-fleet.ts";
import { MAX_SKEW_MS } from "./examine-project.ts";

/** Returns findings about the admin, the rights of the token there, and the health of the server. Throws if no request succeeds. */
export async function examineAdmin(session: Session, url: string): Promise<readonly Finding[]> {
  const { clock, env } = session.context;
  const admin = createAdminClient({ url, token: env.MAINTENANCE_TOKEN, clock });
  const asked = await admin.get("session", {}, readSession);
  const skew = parseInstant(asked.now) - clock.now();
  return [
    okFinding("admin", `${admin.url} answers`),
    await rights(admin, asked),
    Math.abs(skew) > MAX_SKEW_MS
      ? warnFinding(
          "clock",
          `the clock of the server shows ${formatTime(parseInstant(asked.now), session.time)}, and the one here ${formatTime(clock.now(), session.time)}`,
          "Synchronise both clocks with NTP: the end of a closure is computed with the clock here, and applied with the one there.",
        )
      : okFinding("clock", "the same here and on the server"),
    ...(await health(admin, session)),
    ...(await examineFleet({ fleet: remoteFleet(admin) }, session)),
    ...(await exemptions(admin)),
  ];
}

type Asked = ReturnType<typeof readSession>;

async function rights(admin: AdminClient, { name, may }: Asked): Promise<Finding> {
  if (may.length > 0) return okFinding("you", `'${name}', and may ${may.join(", ")} on every site`);
  const { sites } = await admin.get("sites", { limit: 20 }, readSites);
  const some = sites.map((site) => `${site.may.join(", ")} on ${siteName(site.id)}`);
  if (some.length > 0) return okFinding("you", `'${name}', and may ${some.join("; ")}`);
  return warnFinding(
    "you",
    `'${name}', and may see no site`,
    "Create a token that may view sites: npx maintenance-mode token create",
  );
}

/** Returns findings about facts that the server's requests have shown. */
export function seenByServer(
  seen: Pick<RemoteHealth, "guessLimitReached" | "ignoredProxies" | "missedByMiddleware">,
  time: TimeReference,
): readonly Finding[] {
  const { guessLimitReached, ignoredProxies, missedByMiddleware } = seen;
  const findings: Finding[] = [];
  if (guessLimitReached !== null) {
    const message = `a client used up its guesses of bypass links, last on ${formatTime(parseInstant(guessLimitReached), time)}`;
    const hint = "See the log of the server. To void every link: npx maintenance-mode link revoke --all";
    findings.push(warnFinding("links", message, hint));
  }
  if (ignoredProxies.length > 0) {
    const proxies = listSome(ignoredProxies.map((address) => address || "an unknown peer"));
    const message = `a forwarding header from ${proxies} is ignored: clients behind a proxy there count as the proxy`;
    findings.push(warnFinding("proxies", message, "If that is your proxy, name it in the option `trustProxy`."));
  }
  if (missedByMiddleware !== null) {
    const message = `${missedByMiddleware} ended before the maintenance middleware saw it: exempt users are refused there`;
    const hint =
      "Mount expressMaintenance before every handler that answers, in the app that was passed to the server.";
    findings.push(warnFinding("middleware", message, hint));
  }
  return findings;
}

/** Returns warnings about rules that admit everyone, as far as the token may see them. */
async function exemptions(admin: AdminClient): Promise<readonly Finding[]> {
  const { sites } = await admin.get("sites", { limit: 20 }, readSites);
  const warnings: string[] = [];
  for (const { id } of sites) {
    warnings.push(...(await admin.get(`sites/${encodeURIComponent(id)}/exemptions`, {}, readWarnings)));
  }
  const hint = "Remove the exemption, or make it narrower.";
  return [...new Set(warnings)].map((message) => warnFinding("exemptions", message, hint));
}

async function health(admin: AdminClient, { time }: Session): Promise<readonly Finding[]> {
  const answer = await admin.get("health", {}, readHealth);
  const { state, store, version, error, override } = answer;
  const behind = state === "live" || state === "polling";
  return [
    behind
      ? okFinding("server", `${state}, at version ${version}`)
      : warnFinding("server", `its state is ${state}, at version ${version}`, "Check that its store can be reached."),
    error === null ? okFinding("store", store) : errorFinding("store", `${store}: ${error.message}`, error.hint),
    override === null
      ? okFinding("override", "none: the stored state applies")
      : warnFinding(
          "override",
          `${override.where} decides, and every switch is refused`,
          "Remove it on the server to switch by command.",
        ),
    ...seenByServer(answer, time),
  ];
}
