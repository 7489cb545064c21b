import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

interface CopyOnceProps {
  readonly title: string;
  readonly text: string;
  readonly note: string;
}

/** A secret that is shown this once, with a button that copies it. */
export function CopyOnce({ title, text, note }: CopyOnceProps): JSX.Element {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const outcome = useSignal("");
  useEffect(() => {
    const field = input.current;
    if (field === null) return;
    field.focus();
    // From the end to the beginning, so that the beginning is what one sees.
    field.setSelectionRange(0, text.length, "backward");
    field.scrollLeft = 0;
  }, []);
  const copy = async (): Promise<void> => {
    input.current?.select();
    try {
      await navigator.clipboard.writeText(text);
      outcome.value = "Copied.";
    } catch {
      // Without https a browser gives no clipboard.
      outcome.value = document.execCommand("copy") ? "Copied." : "It is selected: copy it with the keyboard.";
    }
  };
  return (
    <div class="copy-once">
      <label for={id}>{title}</label>
      <p class="hint" id={`${id}-note`}>
        {note}
      </p>
      <div class="copy-row">
        <input ref={input} id={id} readOnly value={text} aria-describedby={`${id}-note`} />
        <button type="button" class="primary" onClick={copy}>
          Copy
        </button>
      </div>
      <p role="status" class="quiet">
        {outcome.value}
      </p>
    </div>
  );
}
