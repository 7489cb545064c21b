/** What the library writes to. `console`, pino and winston fit as they are. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

const quiet = (): void => {};

/** `logger`, where a method that throws is ignored: most of what is logged comes from timers and events, where nothing catches it. */
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
