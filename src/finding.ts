/** The result of one check. */
export interface Finding {
  readonly level: "fine" | "warning" | "broken";
  readonly subject: string;
  readonly message: string;
  /** The fix. */
  readonly hint: string | null;
}

export function fine(subject: string, message: string): Finding {
  return { level: "fine", subject, message, hint: null };
}

export function warning(subject: string, message: string, hint: string): Finding {
  return { level: "warning", subject, message, hint };
}

export function broken(subject: string, message: string, hint: string): Finding {
  return { level: "broken", subject, message, hint };
}
