import type { JSX } from "preact";
import type { Problem } from "../../../../src/admin/schema/types.ts";
import { generalError } from "../../model/problem-errors.ts";

/** Why a request was refused, without the errors that the fields named by `pointers` show. */
export function ProblemNote(props: {
  readonly problem: Problem | null;
  readonly pointers?: readonly string[];
}): JSX.Element {
  const text = generalError(props.problem, props.pointers ?? []);
  return <div role="alert">{text === "" ? null : <p class="error">{text}</p>}</div>;
}
