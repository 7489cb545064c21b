import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { LinkView } from "../../../../src/admin/schema/types.ts";
import { revokeAllLinks, revokeLink } from "../../api.ts";
import { siteName } from "../../model/mode-words.ts";
import { routeTo } from "../../model/route.ts";
import { agoWords, hourWords, spanWords } from "../../model/time-words.ts";
import { announce } from "../../state/page/announcer.ts";
import { useAction } from "../../state/page/use-action.ts";
import { now } from "../../state/session/server-clock.ts";
import { changes } from "../../state/sites/changes.ts";
import { loadSite } from "../../state/sites/site-cache.ts";
import { ProblemNote } from "../fields/problem-note.tsx";
import { useConfirm } from "../page/use-confirm.tsx";

interface LinkListProps {
  /** `null`: of all sites, each with its name. */
  readonly site: string | null;
  readonly links: readonly LinkView[];
  readonly mayRevoke: (link: LinkView) => boolean;
}

export function LinkList({ site, links, mayRevoke }: LinkListProps): JSX.Element {
  const action = useAction();
  const confirm = useConfirm();
  const heading = useRef<HTMLHeadingElement>(null);
  const revoke = (words: string, sites: readonly string[], work: () => Promise<void>): void => {
    void action.run(async () => {
      await work();
      announce(words);
      changes.value += 1;
      await Promise.all(sites.map(loadSite));
      heading.current?.focus();
    });
  };
  return (
    <div>
      {site === null ? (
        <h2 ref={heading} tabIndex={-1}>
          Links that there are
        </h2>
      ) : (
        <h3 ref={heading} tabIndex={-1}>
          Links that there are
        </h3>
      )}
      {links.length === 0 ? <p class="quiet">There is none.</p> : null}
      <ul class="rows">
        {links.map((link) => (
          <li key={link.id}>
            <div>
              <p>
                <strong>{link.label}</strong>
                {site === null ? (
                  <>
                    {" "}
                    · <a href={routeTo({ view: "site", site: link.site, part: "links" })}>{siteName(link.site)}</a>
                  </>
                ) : null}
              </p>
              <p class="quiet">
                {expiryWords(link, now.value)} Made by {link.created.by.label},{" "}
                {agoWords(Date.parse(link.created.at), now.value)}.
              </p>
            </div>
            <button
              type="button"
              class="link"
              disabled={!mayRevoke(link)}
              aria-label={`Revoke ${link.label}`}
              onClick={() => revoke(`The link for ${link.label} is revoked.`, [link.site], () => revokeLink(link))}
            >
              Revoke
            </button>
          </li>
        ))}
      </ul>
      <ProblemNote problem={action.problem} />
      {site === null || links.length === 0 ? null : (
        <p class="actions">
          <button
            type="button"
            disabled={!links.every(mayRevoke)}
            onClick={() =>
              confirm.ask({
                title: "Revoke all links?",
                text: "Everybody who came by one of them is out at once. This cannot be undone.",
                deed: "Revoke all",
                work: () => revoke("All links are revoked.", [site], () => revokeAllLinks(site)),
              })
            }
          >
            Revoke all
          </button>
        </p>
      )}
      {confirm.dialog}
    </div>
  );
}

function expiryWords({ site, expires, expired, untilOpen }: LinkView, moment: number): string {
  const opening = site === "*" ? "all sites open" : `${site} opens`;
  if (expires === null) return untilOpen ? `Holds until ${opening}.` : "Holds until it is revoked.";
  const end = Date.parse(expires);
  if (expired || end <= moment) return `Ended ${hourWords(end, moment)}.`;
  return `Holds for ${spanWords(end - moment)}, until ${hourWords(end, moment)}${untilOpen ? ` or until ${opening}` : ""}.`;
}
