import { useSignal } from "@preact/signals";
import type { Problem } from "../../../src/admin/api-types.ts";
import { ApiError } from "../api.ts";
import { noticeSignedOut } from "./session.ts";

export interface Action {
  readonly busy: boolean;
  readonly problem: Problem | null;
  /** Does one thing at a time. What the API refuses is kept as the problem, and the first wrong field has the focus. */
  run(work: () => Promise<void>): Promise<boolean>;
}

/** `signsIn`: a 401 is the answer to what was tried. Otherwise it is the end of the session. */
export function useAction(signsIn = false): Action {
  const busy = useSignal(false);
  const problem = useSignal<Problem | null>(null);
  return {
    busy: busy.value,
    problem: problem.value,
    run: async (work) => {
      if (busy.peek()) return false;
      busy.value = true;
      problem.value = null;
      try {
        await work();
        return true;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (!signsIn && noticeSignedOut(error)) return false;
        problem.value = error.problem;
        focusFirstError();
        return false;
      } finally {
        busy.value = false;
      }
    },
  };
}

export function focusFirstError(): void {
  setTimeout(() => {
    const scope = document.querySelector("dialog[open]") ?? document.querySelector("main");
    scope?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  });
}
