import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { errorWords } from "../../api.ts";
import { t } from "../../language/current.ts";
import { SaidText } from "../../language/said-text.tsx";
import { interrupt } from "../../state/drafts/interrupted.ts";
import { announce, announcement, dismissAnnouncement } from "../../state/page/announcer.ts";
import { noticeSignedOut } from "../../state/session/session.ts";

const SHOWN_FOR = 8_000;

/** The last action or notice, announced politely. One that can be undone is shown until the next. */
export function Announcer(): JSX.Element {
  const current = announcement.value;
  const undo = current?.undo;
  useEffect(() => {
    if (current === null || current.undo !== undefined || current.tone === "failed") return;
    const timer = setTimeout(dismissAnnouncement, SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [current]);
  return (
    <div class="announcer" role="status">
      {current === null ? null : (
        <div class="announcement" data-tone={current.tone}>
          <p>
            <SaidText said={current.text} />
          </p>
          {undo === undefined ? null : (
            <button
              type="button"
              class="link"
              onClick={() => {
                dismissAnnouncement();
                undo().catch((error: Error) => {
                  if (noticeSignedOut(error)) interrupt(() => void undo());
                  else announce(errorWords(error), "failed");
                });
              }}
            >
              {t().undo}
            </button>
          )}
          <button type="button" class="link" onClick={dismissAnnouncement}>
            {t().dismiss}
          </button>
        </div>
      )}
    </div>
  );
}
