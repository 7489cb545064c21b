import type { JSX } from "preact";
import type { Problem } from "../../../../src/admin/schema/types.ts";
import { generalError } from "../../model/problem-errors.ts";

/** What was refused, but for what stands at the fields named by `pointers`. */
export function ProblemNote(props: {
  readonly problem: Problem | null;
  readonly pointers?: readonly string[];
}): JSX.Element {
  const text = generalError(props.problem, props.pointers ?? []);
  return <div role="alert">{text === "" ? null : <p class="error">{text}</p>}</div>;
}
