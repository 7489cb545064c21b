let typed: string | null = null;

/** Keeps what was typed into the server's own form while this script was on its way. */
export function keepEarlyTyping(field: Element | null): void {
  if (field instanceof HTMLInputElement && (field.value !== "" || field === document.activeElement))
    typed = field.value;
}

/** Once; `null`: nothing was typed. */
export function takeEarlyTyping(): string | null {
  const early = typed;
  typed = null;
  return early;
}
