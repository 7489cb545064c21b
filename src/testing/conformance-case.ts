/** One requirement of an implementation. Any test runner can run it: `test(name, run)`. */
export interface ConformanceCase {
  readonly name: string;
  /** Rejects if the requirement is not met: with an `AssertionError`, or with the error of the implementation. */
  run(): Promise<void>;
}
