import { type ComponentChildren, Fragment, type JSX } from "preact";
import type { Said } from "./said.ts";

/** So that a screen reader changes its voice for what is in English. */
export function SaidText({ said }: { readonly said: Said }): JSX.Element {
  return typeof said === "string" ? <span>{said}</span> : <span lang="en">{said.english}</span>;
}

/** Of the private use area: in no text. */
const FIRST_MARK = 0xe000;

/** The sentence that `write` makes of marks, with `nodes` in their places: languages put them in an order of their own. */
export function fill(write: (...marks: string[]) => string, ...nodes: ComponentChildren[]): JSX.Element {
  const marks = nodes.map((_, index) => String.fromCharCode(FIRST_MARK + index));
  const pieces = write(...marks).split(/([\ue000-\ue0ff])/);
  return (
    <>
      {pieces.map((piece, index) => {
        const place = marks.indexOf(piece);
        return <Fragment key={index}>{place === -1 ? piece : nodes[place]}</Fragment>;
      })}
    </>
  );
}
