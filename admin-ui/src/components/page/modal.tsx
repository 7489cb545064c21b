import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { openAbove } from "../../state/page/back-closes.ts";

interface ModalProps {
  readonly title: string;
  /** `null`: it cannot be left before its question is answered. */
  readonly onCancel: (() => void) | null;
  readonly children: ComponentChildren;
}

/**
 * A dialog above everything, which Escape and the browser's Back close. The focus starts on its heading, so that no keyboard of a phone
 * covers it, and goes back where it was.
 */
export function Modal({ title, onCancel, children }: ModalProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    const leave = openAbove(onCancel);
    const element = dialog.current;
    element?.showModal();
    element?.querySelector("h2")?.focus();
    return () => {
      element?.close();
      leave();
      // What opened it may be gone by then, with the selection that it closed.
      setTimeout(() => {
        if (opener instanceof HTMLElement && opener.checkVisibility()) opener.focus();
        else document.querySelector<HTMLElement>("main h1")?.focus();
      });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onCancel?.();
      }}
    >
      <h2 id={id} tabIndex={-1}>
        {title}
      </h2>
      {children}
    </dialog>
  );
}
