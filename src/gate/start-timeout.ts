import type { NormalOptions } from "../config/normal-options.ts";
import { setDeadline } from "../deadline.ts";
import { messageOf } from "../errors.ts";

type StartOptions = Pick<NormalOptions, "clock" | "logger" | "startTimeout" | "whenNeverLoaded">;

/** Resolves when `loading` has ended, or when `startTimeout` has passed. Never rejects: both failures are logged. */
export function withinStartTimeout(loading: Promise<void>, options: StartOptions): Promise<void> {
  const { clock, logger, startTimeout, whenNeverLoaded } = options;
  return new Promise<void>((resolve) => {
    const expire = (): void => {
      logger.warn(
        `The state could not be loaded within ${startTimeout} ms, so whenNeverLoaded: "${whenNeverLoaded}" applies.`,
      );
      resolve();
    };
    const cancel = setDeadline(clock, expire, startTimeout);
    loading
      .catch((error: unknown) => logger.error(`The gate could not start: ${messageOf(error)}`))
      .finally(() => {
        cancel();
        resolve();
      });
  });
}
