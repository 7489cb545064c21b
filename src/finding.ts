/** The result of one check. */
export interface Finding {
  readonly level: "ok" | "warn" | "error";
  /** The thing that was checked: `clock`, `permissions`. */
  readonly subject: string;
  /** The result, without a full stop. */
  readonly message: string;
  /** The fix; `null` if there is nothing to fix. */
  readonly hint: string | null;
}

export function okFinding(subject: string, message: string): Finding {
  return { level: "ok", subject, message, hint: null };
}

export function warnFinding(subject: string, message: string, hint: string): Finding {
  return { level: "warn", subject, message, hint };
}

export function errorFinding(subject: string, message: string, hint: string): Finding {
  return { level: "error", subject, message, hint };
}
