import type { JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { bearer } from "../../state/session/bearer.ts";

interface PreviewFrameProps {
  readonly fields: Readonly<Record<string, string>>;
  readonly title: string;
  readonly scheme: "light" | "dark";
}

/**
 * Shows one draft. A form fills the frame, as its address could carry neither a token nor a long message; the next draft gets a frame of
 * its own, so that Back leads to the page before and not to the draft before.
 */
export function PreviewFrame({ fields, title, scheme }: PreviewFrameProps): JSX.Element {
  const name = useId();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.submit(), []);
  const token = bearer();
  return (
    <>
      <form ref={form} hidden method="post" action="./preview" target={name}>
        {Object.entries(token === null ? fields : { ...fields, token }).map(([field, value]) => (
          <input key={field} type="hidden" name={field} value={value} />
        ))}
      </form>
      <iframe name={name} title={title} sandbox="" class={scheme} />
    </>
  );
}
