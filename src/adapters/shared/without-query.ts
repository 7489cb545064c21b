/** A request target for a log: its query may hold a token. */
export function withoutQuery(target: string): string {
  return target.split(/[?#]/, 1)[0] ?? "";
}
