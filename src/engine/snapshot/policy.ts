import type { Branding, LogOutPolicy, NormalOptions, Override, UserPolicy } from "../../config/normal-options.ts";
import { type AddressMatcher, compileAddressMatcher } from "../../rules/addresses/matcher.ts";
import { compilePathMatcher, type PathMatcher } from "../../rules/paths/matcher.ts";
import type { CorsPolicy } from "../answer/cors.ts";
import type { Respond } from "../answer/custom-answer.ts";
import { type TemplateFunction, templatedPage } from "../answer/template.ts";
import type { Page, WantedLanguages } from "../page/context.ts";
import { memoize } from "./memoize.ts";

/** The configuration, compiled once per gate: the part of a snapshot that never changes. */
export interface Policy {
  readonly operatorPaths: PathMatcher | null;
  /** Exempt paths for `GET` and `HEAD`. */
  readonly exemptPaths: PathMatcher | null;
  /** The same without rules for `GET` and `HEAD` only. */
  readonly exemptForAnyMethod: PathMatcher | null;
  readonly exemptAddresses: AddressMatcher | null;
  readonly exemptMethods: ReadonlySet<string>;
  readonly users: UserPolicy | null;
  /** Which users to log out. If set, the user matters even if no user is exempt. */
  readonly logOut: LogOutPolicy | null;
  /** Keys that sign bypass cookies, newest first; if empty, each link has its own. */
  readonly keys: readonly string[];
  readonly secureCookies: boolean;
  readonly testRun: boolean;
  readonly reads: PathMatcher | null;
  readonly writes: PathMatcher | null;
  /** Whether the application classifies requests as reading or writing. */
  readonly classifies: boolean;
  readonly override: Override | null;
  readonly whenNeverLoaded: "open" | "closed";
  readonly response: NormalOptions["response"];
  readonly jsonPaths: PathMatcher | null;
  readonly cors: CorsPolicy | null;
  readonly respond: Respond | null;
  /** Called with a message when a value that the application returned cannot be used. */
  readonly report: (message: string) => void;
  /** Name, contact and logo of the owner, by the id of the site to which the host belongs. */
  readonly siteBranding: ReadonlyMap<string, Branding>;
  readonly branding: Branding;
  readonly page: Page;
  /** `page.languagesFor`, cached. */
  readonly languagesFor: (acceptLanguage: string) => WantedLanguages;
  readonly ignoreCase: boolean;
  readonly random: () => number;
}

export function compilePolicy(options: NormalOptions, builtIn: Page, template: TemplateFunction | null = null): Policy {
  const report = (message: string): void => options.logger.error(message);
  const page = template === null ? builtIn : templatedPage(builtIn, { template, context: options.context, report });
  const { exempt, readOnly, response, ignoreCase } = options;
  return {
    operatorPaths: compilePathMatcher(options.operatorPaths, { ignoreCase }),
    exemptPaths: compilePathMatcher(exempt.paths, { ignoreCase }),
    exemptForAnyMethod: compilePathMatcher(
      exempt.paths.filter(({ onlyRetrieval = false }) => !onlyRetrieval),
      { ignoreCase },
    ),
    exemptAddresses: compileAddressMatcher(exempt.addresses),
    exemptMethods: exempt.methods,
    users: exempt.users,
    logOut: options.logOut,
    keys: options.keys,
    secureCookies: options.secureCookies,
    testRun: exempt.testRun,
    reads: compilePathMatcher(readOnly.reads, { ignoreCase }),
    writes: compilePathMatcher(readOnly.writes, { ignoreCase, lenient: true }),
    classifies: readOnly.classify !== null,
    override: options.override,
    whenNeverLoaded: options.whenNeverLoaded,
    response,
    jsonPaths: compilePathMatcher(response.jsonPaths, { ignoreCase }),
    cors: options.cors,
    respond: options.respond,
    report,
    siteBranding: options.siteBranding,
    branding: options.branding,
    page,
    languagesFor: memoize((acceptLanguage) => page.languagesFor(acceptLanguage)),
    ignoreCase,
    random: options.random,
  };
}
