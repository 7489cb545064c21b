import type { Actor } from "./actor.ts";
import type { Instant } from "./instant.ts";

/** Admits every client that presents its token. Only the hash of the token is stored. */
export interface BypassLink {
  /** Eight characters; not secret. */
  readonly id: string;
  /** The person or purpose that it is for: `QA`. */
  readonly label: string;
  /** SHA-256 of the token, base64url. */
  readonly hash: string;
  /** Signs the cookies of this link, unless the configuration has keys. A secret. */
  readonly key: string;
  /** When the link and its cookies expire; `null` if they are valid until the link is revoked. */
  readonly expires: Instant | null;
  /** It also expires when its site opens. */
  readonly untilOpen?: boolean;
  /**
   * Created with rights on this site alone: it does not apply while everything (`*`) or a group is closed too.
   * @default false
   */
  readonly limited?: boolean;
  readonly created: { readonly at: Instant; readonly by: Actor };
}
