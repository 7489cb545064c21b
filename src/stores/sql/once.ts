export interface Once<T> {
  (): Promise<T>;
  /** What was begun and has not failed. */
  begun(): Promise<T> | null;
  /** The next call begins it again. */
  forget(): void;
}

/** Begins `work` with the first call and gives every call its result. After a failure the next call begins it again. */
export function once<T>(work: () => Promise<T>): Once<T> {
  let running: Promise<T> | null = null;
  const call = (): Promise<T> => {
    running ??= work().catch((error: unknown) => {
      running = null;
      throw error;
    });
    return running;
  };
  return Object.assign(call, {
    begun: () => running,
    forget: () => {
      running = null;
    },
  });
}
