import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { LinkView } from "../../../../src/admin/schema/responses.ts";
import { revokeAllLinks, revokeLink } from "../../api.ts";
import { formats, t } from "../../language/current.ts";
import { siteName } from "../../model/mode-words.ts";
import { routeTo } from "../../model/route.ts";
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
          {t().links.active}
        </h2>
      ) : (
        <h3 ref={heading} tabIndex={-1}>
          {t().links.active}
        </h3>
      )}
      {links.length === 0 ? <p class="quiet">{t().links.none}</p> : null}
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
                {expiryWords(link, now.value)}{" "}
                {t().links.created({
                  by: link.created.by.label,
                  ago: formats().ago(Date.parse(link.created.at), now.value),
                })}
              </p>
            </div>
            <button
              type="button"
              class="link"
              disabled={!mayRevoke(link)}
              aria-label={t().revokeItem(link.label)}
              onClick={() => revoke(t().links.revoked(link.label), [link.site], () => revokeLink(link))}
            >
              {t().revoke}
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
                title: t().links.askRevokeAll,
                text: t().links.revokeAllText,
                deed: t().links.revokeAll,
                work: () => revoke(t().links.allRevoked, [site], () => revokeAllLinks(site)),
              })
            }
          >
            {t().links.revokeAll}
          </button>
        </p>
      )}
      {confirm.dialog}
    </div>
  );
}

function expiryWords({ site, expires, expired, untilOpen }: LinkView, moment: number): string {
  const texts = t().links;
  if (expires === null) return untilOpen ? texts.validUntilOpen(site) : texts.validUntilRevoked;
  const at = Date.parse(expires);
  const end = formats().hour(at, moment);
  if (expired || at <= moment) return texts.expired(end);
  const ending = { span: formats().span(at - moment), end };
  return untilOpen ? texts.validOrOpen({ ...ending, site }) : texts.valid(ending);
}
