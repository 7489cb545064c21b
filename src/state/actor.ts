/** Who changed something, as the history shows it. */
export interface Actor {
  readonly kind: "cli" | "admin" | "program" | "file";
  /** A name that a colleague would recognise: an account, a deploy job, a token's name. Never a secret. */
  readonly label: string;
  /** From where: a host name or a client address. */
  readonly from?: string | undefined;
}

export const ACTOR_KINDS = ["cli", "admin", "program", "file"] as const;
