/** How a person is asked. Each rejects with `ERR_INVALID_COMMAND` when they would rather not answer. */
export interface Prompts {
  confirm(message: string): Promise<boolean>;
  /** `check` gives what is wrong with the answer. An empty answer is an empty string. */
  text(message: string, placeholder: string, check?: (answer: string) => string | undefined): Promise<string>;
  /** Shows nothing of what is typed. */
  password(message: string, check: (answer: string) => string | undefined): Promise<string>;
  select(message: string, choices: readonly Choice[]): Promise<string>;
  selectMany(message: string, choices: readonly Choice[]): Promise<readonly string[]>;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}
