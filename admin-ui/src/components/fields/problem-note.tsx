import type { JSX } from "preact";
import type { Problem } from "../../../../src/admin/schema/responses.ts";
import { isSilent } from "../../language/said.ts";
import { SaidText } from "../../language/said-text.tsx";
import { generalError } from "../../model/problem-errors.ts";

/** Why a request was refused, without the errors that the fields named by `pointers` show. */
export function ProblemNote(props: {
  readonly problem: Problem | null;
  readonly pointers?: readonly string[];
}): JSX.Element {
  const text = generalError(props.problem, props.pointers ?? []);
  return (
    <div role="alert">
      {isSilent(text) ? null : (
        <p class="error">
          <SaidText said={text} />
        </p>
      )}
    </div>
  );
}
