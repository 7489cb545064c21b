import { isMaintenanceEntry } from "./maintenance-entry.ts";

export { isMaintenanceEntry };

/**
 * Returns a function for the option `skip` of morgan and express-winston, which leaves out the answers of a closed site.
 * @example app.use(morgan("combined", { skip: morganSkip() }));
 */
export function morganSkip(): (request: unknown, response: unknown) => boolean {
  return (_request, response) => isMaintenanceEntry(response);
}

/** The member of a winston format that winston calls. */
export interface WinstonFilter {
  transform<Info extends object>(info: Info): Info | false;
}

/**
 * Returns a winston format that drops entries with the answer of a closed site.
 * @example createLogger({ format: format.combine(winstonFilter(), format.json()) });
 */
export function winstonFilter(): WinstonFilter {
  return { transform: (info) => (isMaintenanceEntry(info) ? false : info) };
}

/** The member of pino's `hooks` that is set. */
export interface PinoHooks {
  logMethod(this: unknown, args: unknown[], method: PinoMethod): void;
}

/** The logging method that pino passes to its hook. */
export interface PinoMethod {
  apply(self: unknown, args: unknown[]): unknown;
}

/**
 * Returns hooks for pino's option `hooks`, which drop entries with the answer of a closed site in an argument.
 * @example const logger = pino({ hooks: pinoHooks() });
 */
export function pinoHooks(): PinoHooks {
  return {
    logMethod(args, method) {
      if (!args.some(isMaintenanceEntry)) method.apply(this, args);
    },
  };
}

/**
 * Returns a function for pino-http's option `customLogLevel`: `silent` for the answers of a closed site; otherwise the result of `next`.
 * @param next @default () => "info", as without this option
 * @example app.use(pinoHttp({ customLogLevel: pinoHttpLogLevel() }));
 */
export function pinoHttpLogLevel<Request, Response, Level extends string = "info">(
  next?: (request: Request, response: Response, error?: Error) => Level,
): (request: Request, response: Response, error?: Error) => Level | "info" | "silent" {
  return (request, response, error) => {
    if (isMaintenanceEntry(response)) return "silent";
    return next === undefined ? "info" : next(request, response, error);
  };
}

/**
 * Returns a function for Sentry's option `beforeSend`, which drops events with the answer of a closed site in their exception or response
 * context, such as an error thrown for a request to a service in maintenance. Other events are passed to `next`, if given.
 * @example Sentry.init({ dsn, beforeSend: sentryBeforeSend() });
 */
export function sentryBeforeSend<SentryEvent extends object, Hint extends object>(
  next: (event: SentryEvent, hint: Hint) => Sent<SentryEvent> = (event) => event,
): (event: SentryEvent & { readonly contexts?: unknown }, hint: Hint) => Sent<SentryEvent> {
  return (event, hint) => (isMaintenanceEntry(hint) || isMaintenanceEntry(event.contexts) ? null : next(event, hint));
}

/** The result of Sentry's `beforeSend`: the event, or `null` to drop it. */
export type Sent<SentryEvent> = SentryEvent | null | PromiseLike<SentryEvent | null>;
