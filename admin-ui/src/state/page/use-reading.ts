import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Problem } from "../../../../src/admin/schema/responses.ts";
import { ApiError } from "../../api.ts";
import { noticeSignedOut } from "../session/session.ts";

/** Reads something when a view is shown, and again when one of `inputs` is another. An answer that a newer question has overtaken is dropped. */
export function useReading<Value>(
  read: () => Promise<Value>,
  keep: (value: Value) => void,
  inputs: readonly unknown[],
): Problem | null {
  const problem = useSignal<Problem | null>(null);
  useEffect(() => {
    let current = true;
    const refuse = (error: unknown): void => {
      if (!(error instanceof ApiError)) throw error;
      if (noticeSignedOut(error)) return;
      if (current) problem.value = error.problem;
    };
    read().then((value) => {
      if (!current) return;
      problem.value = null;
      keep(value);
    }, refuse);
    return () => {
      current = false;
    };
  }, inputs);
  return problem.value;
}
