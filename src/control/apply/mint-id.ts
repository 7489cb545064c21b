import { mintToken } from "../../bypass/access-token.ts";

/** Eight letters and digits at random, no secret. An id that began with `-` would be taken for an option. */
export function mintId(): string {
  const id = mintToken()
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, 8);
  return id.length === 8 ? id : mintId();
}
