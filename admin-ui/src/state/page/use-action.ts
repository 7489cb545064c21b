import { useSignal } from "@preact/signals";
import type { Problem } from "../../../../src/admin/schema/responses.ts";
import { ApiError } from "../../api.ts";
import { interrupt } from "../drafts/interrupted.ts";
import { noticeSignedOut } from "../session/session.ts";

export interface Action {
  readonly busy: boolean;
  readonly problem: Problem | null;
  /** When to try again at the earliest, in epoch milliseconds; `null`: at any time. */
  readonly retryAt: number | null;
  /**
   * Does one thing at a time. What the API refuses is kept as the problem, and the first wrong field has the focus. What the end of the
   * session has refused is done again after the next sign-in.
   */
  run(work: () => Promise<void>): Promise<boolean>;
  /** The problem is over. */
  forget(): void;
}

/** `signsIn`: a 401 is the answer to what was tried. Otherwise it is the end of the session. */
export function useAction(signsIn = false): Action {
  const busy = useSignal(false);
  const refused = useSignal<ApiError | null>(null);
  const run = async (work: () => Promise<void>): Promise<boolean> => {
    if (busy.peek()) return false;
    busy.value = true;
    refused.value = null;
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!signsIn && noticeSignedOut(error)) {
        interrupt(() => void run(work));
        return false;
      }
      refused.value = error;
      focusFirstError();
      return false;
    } finally {
      busy.value = false;
    }
  };
  return {
    busy: busy.value,
    problem: refused.value?.problem ?? null,
    retryAt: refused.value?.retryAt ?? null,
    run,
    forget() {
      refused.value = null;
    },
  };
}

export function focusFirstError(): void {
  setTimeout(() => {
    const scope = document.querySelector("dialog[open]") ?? document.querySelector("main");
    scope?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  });
}
