/** One thing that an implementation must do. Any test runner can run it: `test(name, run)`. */
export interface ConformanceCase {
  readonly name: string;
  /** Rejects with an `AssertionError`, or whatever was thrown, when it does not. */
  run(): Promise<void>;
}
