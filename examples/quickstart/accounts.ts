export interface Account {
  readonly name: string;
  readonly password: string;
  /** The member that the exemption `users: { staff: true }` checks. */
  readonly isStaff: boolean;
}

/** Shown on the sign-in page, because this is an example. */
export const accounts: readonly Account[] = [
  { name: "sofia", password: "staff", isStaff: true },
  { name: "carl", password: "customer", isStaff: false },
];

export function findAccount(name: string): Account | undefined {
  return accounts.find((account) => account.name === name);
}
