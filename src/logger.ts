/** What the library writes to. `console`, pino and winston fit as they are. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

const quiet = (): void => {};

/** Says nothing. */
export const silentLogger: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

interface WarningProcess {
  emitWarning?: (message: string, options: { type: string }) => void;
}

/**
 * The default. A failure that nobody hears is worse than a line on stderr, so warnings and errors become warnings of
 * the process, which an application can listen to, silence (`--disable-warning=MaintenanceWarning`) or trace. Where there is no
 * process, it is silent.
 */
export const defaultLogger: Logger = {
  debug: quiet,
  info: quiet,
  warn: emitWarning,
  error: emitWarning,
};

function emitWarning(message: string): void {
  const { process } = globalThis as { process?: WarningProcess };
  process?.emitWarning?.(message, { type: "MaintenanceWarning" });
}
