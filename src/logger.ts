/** The logger of the library. `console`, pino and winston have these methods. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

const quiet = (): void => {};

/** Returns `logger` with methods that never throw: most messages come from timers and events, where nothing catches errors. */
export function safeLogger(logger: Logger): Logger {
  const safe =
    (level: keyof Logger) =>
    (message: string): void => {
      try {
        logger[level](message);
      } catch {}
    };
  return { debug: safe("debug"), info: safe("info"), warn: safe("warn"), error: safe("error") };
}

/** Logs nothing. */
export const silentLogger: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

interface WarningProcess {
  emitWarning?: (message: string, options: { type: string }) => void;
}

/**
 * The default logger. Warnings and errors are emitted as warnings of the process, so that failures are visible. An application can listen
 * to them, silence them (`--disable-warning=MaintenanceWarning`) or trace them. Without a process it logs nothing.
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
