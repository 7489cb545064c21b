import type { Clock } from "../clock.ts";
import type { CorsPolicy } from "../engine/answer/cors.ts";
import type { Respond } from "../engine/answer/custom-answer.ts";
import type { AnswerType } from "../engine/answer/response-plan.ts";
import type { RequestFacts } from "../engine/decide/request-facts.ts";
import type { FleetLevel } from "../fleet/row.ts";
import type { Logger } from "../logger.ts";
import type { TrustProxy } from "../rules/addresses/client-address.ts";
import type { AddressRule } from "../rules/addresses/matcher.ts";
import type { ConfiguredSites } from "../rules/hosts/configured-sites.ts";
import type { PathRule } from "../rules/paths/matcher.ts";
import type { Store } from "../stores/store.ts";
import type { LogOutOptions, MaintenanceOptions, ReadOnlyOptions } from "./options.ts";

/** The complete options: with all defaults and valid values. The rest of the package reads these. */
export interface NormalOptions {
  /** `null` for the default store, created when it is first needed. */
  readonly store: Store | null;
  /** Hosts by site id. */
  readonly sites: ConfiguredSites;
  /** Owner of the sites: of the whole configuration, and by site id for a site with its own. */
  readonly branding: Branding;
  readonly siteBranding: ReadonlyMap<string, Branding>;
  readonly groups: readonly string[];
  /** Names of entries that are not on the list of processes. */
  readonly surfaces: readonly string[];
  readonly operatorPaths: readonly PathRule[];
  readonly exempt: {
    readonly paths: readonly ExemptPathRule[];
    readonly addresses: readonly AddressRule[];
    /** In upper case. */
    readonly methods: ReadonlySet<string>;
    /** `null` if no exemption depends on the user. */
    readonly users: UserPolicy | null;
    /** This process is a test run, and test runs are exempt. */
    readonly testRun: boolean;
  };
  /** Keys that sign bypass cookies, newest first. */
  readonly keys: readonly string[];
  readonly secureCookies: boolean;
  readonly readOnly: {
    readonly reads: readonly PathRule[];
    readonly writes: readonly PathRule[];
    readonly classify: NonNullable<ReadOnlyOptions["classify"]> | null;
  };
  readonly response: {
    readonly status: number;
    /** `null` for the seconds to a known end, else an hour. */
    readonly retryAfter: number | null;
    readonly refresh: number;
    readonly redirect: string | null;
    readonly type: AnswerType | ((request: RequestFacts) => AnswerType | undefined) | null;
    readonly jsonPaths: readonly PathRule[];
  };
  readonly template: MaintenanceOptions["template"] | null;
  readonly context: NonNullable<MaintenanceOptions["context"]> | null;
  readonly respond: Respond | null;
  readonly cors: CorsPolicy | null;
  readonly clientAddress: NonNullable<MaintenanceOptions["clientAddress"]> | null;
  readonly getUser: NonNullable<MaintenanceOptions["getUser"]> | null;
  /** `null` if no user is logged out. */
  readonly logOut: LogOutPolicy | null;
  readonly trustProxy: TrustProxy;
  readonly override: Override | null;
  readonly whenNeverLoaded: "open" | "closed";
  /** `false` for no row in the list of processes. */
  readonly fleet: FleetLevel | false;
  /** `null` for the name of the host. */
  readonly label: string | null;
  /** Milliseconds. */
  readonly pollInterval: number;
  /** Milliseconds. */
  readonly startTimeout: number;
  readonly ignoreCase: boolean;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: () => number;
}

export interface ExemptPathRule extends PathRule {
  readonly option: "paths" | "healthPaths" | "adminPaths" | "wellKnownPaths";
}

export interface Branding {
  /** Empty if there is none. */
  readonly name: string;
  readonly contact: string | null;
  /** A `data:` URI. */
  readonly logo: string | null;
}

export interface UserPolicy {
  readonly anonymous: boolean;
  readonly authenticated: boolean;
  readonly staff: boolean;
  readonly superuser: boolean;
  readonly predicate: ((user: unknown) => boolean) | null;
}

export interface LogOutPolicy {
  readonly authenticated: boolean;
  /** `null` for the value of `authenticated`. */
  readonly staff: boolean | null;
  readonly superuser: boolean | null;
  readonly end: LogOutOptions["end"];
}

/** An override of the store. */
export interface Override {
  readonly mode: "open" | "closed";
  /** Where an operator finds it, for the error that refuses a switch: `MAINTENANCE_MODE=on in the environment`. */
  readonly where: string;
}
