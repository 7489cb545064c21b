import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Explanation, SiteView } from "../../../../src/admin/schema/responses.ts";
import { type CloseBody, explain, sideBySide } from "../../api.ts";
import { t } from "../../language/current.ts";
import { fill } from "../../language/said-text.tsx";
import { decisionWords } from "../../model/decision-words.ts";
import { siteUrlOf } from "../../model/site-url.ts";
import { hasEnded, session } from "../../state/session/session.ts";

const PAUSE = 250;

interface YourOwnWayProps {
  readonly site: SiteView;
  readonly body: CloseBody;
}

/** Shows whether the operator's own request would pass if the site were closed like this, according to the server. */
export function YourOwnWay({ site, body }: YourOwnWayProps): JSX.Element | null {
  const told = useSignal<Explanation["decision"] | null>(null);
  const state = session.value;
  const address = state.state === "in" ? state.session.address : null;
  const { mode = "closed", notice, response, paths, exempt, lockdown } = body;
  const settings = JSON.stringify(sideBySide({ notice, response, paths, exempt, lockdown }));
  const ended = hasEnded();
  useEffect(() => {
    if (address === null || ended) return;
    let current = true;
    const timer = setTimeout(() => {
      explain({ url: siteUrlOf(site, "/"), address, if: { mode, site: site.id, ...JSON.parse(settings) } }).then(
        (explained) => {
          if (current) told.value = explained.decision;
        },
        // It is a help, and the change itself says what is wrong.
        () => undefined,
      );
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [settings, mode, address, ended]);
  if (address === null || told.value === null) return null;
  return (
    <p role="status">
      {fill((own) => t().switching.ownRequest(own), <code>{address}</code>)} {decisionWords(told.value)}
    </p>
  );
}
