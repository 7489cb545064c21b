import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ChangeResult, Problem } from "../../../../src/admin/schema/responses.ts";
import { ApiError } from "../../api.ts";
import { hasEnded, noticeSignedOut } from "../session/session.ts";

const PAUSE = 250;

/** Returns the effect of a change, requested again if one of `inputs` changes. */
export function useDryRun(
  ask: () => Promise<ChangeResult>,
  inputs: readonly string[],
): { readonly warnings: readonly string[]; readonly problem: Problem | null } {
  const warnings = useSignal<readonly string[]>([]);
  const problem = useSignal<Problem | null>(null);
  const ended = hasEnded();
  useEffect(() => {
    if (ended) return;
    let current = true;
    const timer = setTimeout(async () => {
      try {
        const result = await ask();
        if (!current) return;
        warnings.value = result.warnings;
        problem.value = null;
      } catch (error) {
        if (noticeSignedOut(error)) return;
        // Without an answer there are no warnings; the change itself will say what is wrong.
        if (current && error instanceof ApiError && error.problem.status !== 0) problem.value = error.problem;
      }
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [...inputs, ended]);
  return { warnings: warnings.value, problem: problem.value };
}
