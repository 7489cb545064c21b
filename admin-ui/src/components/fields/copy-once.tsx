import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../../language/current.ts";

interface CopyOnceProps {
  readonly title: string;
  readonly text: string;
  readonly note: string;
  /** It may be handed to another app, where the browser can do that. */
  readonly isShared?: boolean;
}

/** A secret that is shown this once, whole, with buttons that copy and share it. */
export function CopyOnce({ title, text, note, isShared = false }: CopyOnceProps): JSX.Element {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const outcome = useSignal("");
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
    field.current?.scrollIntoView({ block: "nearest" });
  }, []);
  const copy = async (): Promise<void> => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(text);
      outcome.value = t().links.copied;
    } catch {
      // Without https a browser gives no clipboard.
      outcome.value = document.execCommand("copy") ? t().links.copied : t().links.copySelected;
    }
  };
  const share = async (): Promise<void> => {
    try {
      await navigator.share({ title, url: text });
      outcome.value = t().links.shared;
    } catch (error) {
      // Not to share it after all is no mistake.
      if (error instanceof DOMException && error.name === "AbortError") return;
      await copy();
    }
  };
  const canShare = isShared && "share" in navigator;
  return (
    <div class="copy-once">
      <label for={id}>{title}</label>
      <p class="hint" id={`${id}-note`}>
        {note}
      </p>
      <textarea ref={field} id={id} rows={3} readOnly value={text} spellcheck={false} aria-describedby={`${id}-note`} />
      <div class="actions">
        {canShare ? (
          <button type="button" class="primary" onClick={share}>
            {t().links.share}
          </button>
        ) : null}
        <button type="button" class={canShare ? "" : "primary"} onClick={copy}>
          {t().links.copy}
        </button>
        <p role="status" class="quiet">
          {outcome.value}
        </p>
      </div>
    </div>
  );
}
