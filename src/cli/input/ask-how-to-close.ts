import { knownSites } from "../../control/apply/known-sites.ts";
import { messageOf } from "../../errors.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import { siteName } from "../../text/site-name.ts";
import type { Project } from "../project/project.ts";
import type { Session } from "../session.ts";
import { parseTime } from "../times/parse-time.ts";
import type { ClosureOptions } from "./closure-options.ts";
import { requirePrompts } from "./prompts.ts";

interface Asked {
  readonly sites: readonly string[];
  readonly options: ClosureOptions;
}

/** Asks for the options that are not given: sites, mode, end, message and reason. */
export async function askHowToClose(
  session: Session,
  { controller, options: configured }: Project,
  sites: readonly string[],
  given: ClosureOptions,
): Promise<Asked> {
  const prompts = await requirePrompts(session);
  const known = new Set(
    knownSites(await controller.state(), new Set([...configured.sites.keys(), ...configured.groups])),
  );
  const choices = [...known].map((id) => ({ value: id, label: siteName(id) }));
  const chosen =
    sites.length > 0 || known.size === 1
      ? sites
      : await prompts.selectMany("Which sites do you want to close?", choices);
  const mode =
    given.readOnly === undefined
      ? await prompts.select("How?", [
          { value: "closed", label: "closed: visitors get the maintenance page" },
          { value: "read-only", label: "read-only: pages are served, requests that write are refused" },
        ])
      : "";
  const message =
    given.message ?? (await prompts.text("What do visitors read?", "empty: the built-in text, in their language"));
  const until =
    given.until ??
    given.for ??
    (await prompts.text("Until when?", "22:00, 2h, tomorrow 03:00; empty: until you open it", (answer) => {
      return answer.trim() === "" ? undefined : whyNoTime(answer, session);
    }));
  const reason = given.reason ?? (await prompts.text("Why?", "for the history; may be empty"));
  return {
    sites: chosen.includes(ALL_SITES) && chosen.length === 1 ? [] : chosen,
    options: {
      ...given,
      ...(mode === "read-only" && { readOnly: true }),
      ...(message !== "" && { message }),
      ...(given.for === undefined && until.trim() !== "" && { until }),
      ...(reason !== "" && { reason }),
    },
  };
}

function whyNoTime(answer: string, { time }: Session): string | undefined {
  try {
    parseTime(answer, time);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
