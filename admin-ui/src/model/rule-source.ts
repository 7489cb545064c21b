import { t } from "../language/current.ts";

/** Where a rule is set: `configuration`, or a site. */
export function sourceOfRule(source: string): string {
  const { configured, setFor } = t().exemptions;
  return source === "configuration" ? configured : setFor(source);
}
