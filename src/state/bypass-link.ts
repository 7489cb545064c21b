import type { Actor } from "./actor.ts";
import type { Instant } from "./instant.ts";

/** Lets in every client that presents its token. Only the hash of the token is stored. */
export interface BypassLink {
  /** Eight characters; no secret. */
  readonly id: string;
  /** For whom or what it was made: `QA`. */
  readonly label: string;
  /** SHA-256 of the token, base64url. */
  readonly hash: string;
  /** Signs the cookies for which this link's token is swapped, where the configuration has no keys. A secret. */
  readonly key: string;
  /** From this moment on neither link nor cookie lets anybody in; `null`: until it is revoked. */
  readonly expires: Instant | null;
  /** It also ends when its site opens. */
  readonly untilOpen?: boolean;
  /**
   * Made with rights on this site alone: it does not count while everything (`*`) or a group is closed too.
   * @default false
   */
  readonly limited?: boolean;
  readonly created: { readonly at: Instant; readonly by: Actor };
}
