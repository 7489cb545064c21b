import { formatInstant } from "../../state/instant.ts";
import type { PageContext } from "../page/context.ts";

/** Problem details for HTTP APIs (RFC 9457), with what a program needs to come back at the right time. */
export function problemBody(context: PageContext, title: string, status: number, retryAfter: number | null): string {
  return JSON.stringify({
    type: "about:blank",
    title,
    status,
    detail: context.message || undefined,
    mode: context.mode,
    site: context.site,
    message: context.message || null,
    until: context.until === null ? null : formatInstant(context.until),
    retryAfter,
  });
}
