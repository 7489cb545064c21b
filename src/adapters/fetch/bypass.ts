import { BYPASS_CACHE_CONTROL, BYPASS_NOT_MODIFIED, bypassHeader } from "../../engine/answer/maintenance-header.ts";
import type { Allow } from "../../engine/decide/decision.ts";
import { permitsStoring } from "../shared/answer-headers.ts";

/**
 * A marked copy of what the application answered; its body goes on streaming. A copy, because headers may be immutable
 * (`Response.redirect`, what `fetch` gave), and because a mark on an answer that the application uses again would linger.
 */
export function markedCopy(response: Response, allow: Allow): Response {
  // Protocol switches and network errors cannot be made by hand, and Bun's handlers answer an upgrade with nothing at all.
  if (response === undefined || response.status < 200) return response;
  const copy = new Response(response.body, response);
  for (const name of [...copy.headers.keys()]) if (permitsStoring(name)) copy.headers.delete(name);
  copy.headers.set("Maintenance", bypassHeader(allow));
  copy.headers.set("Cache-Control", BYPASS_CACHE_CONTROL);
  if (response.status === 304) copy.headers.set(...BYPASS_NOT_MODIFIED);
  return copy;
}
