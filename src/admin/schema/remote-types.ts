import type { UserExemptions } from "../../config/options.ts";
import type { Outcome } from "../../control/apply/apply-command.ts";
import type { Mode } from "../../state/mode.ts";
import type { Position, StateChange, StoredRecord } from "../../stores/store.ts";

/** What the API says to the command line, which works with records as they are stored. No secret is in here. */
export interface StateView extends Position {
  /** Where the state lives. */
  readonly store: string;
  /** One record that cannot be read says nothing of the others. */
  readonly separateRecords: boolean;
  /** Those that you may see. Of `*` and the groups you get at least what their visitors meet, since it counts for every site. */
  readonly records: readonly StoredRecord[];
  /** Sites whose records cannot be read. */
  readonly unreadable: readonly string[];
  readonly configuration: ConfigurationView;
}

/** What the configuration says, as options: functions, keys and templates stay where they are. */
export interface ConfigurationView {
  readonly sites: Readonly<Record<string, { readonly hosts: readonly string[] }>>;
  readonly groups: readonly string[];
  readonly operatorPaths: readonly string[];
  readonly exempt: {
    readonly paths: readonly string[];
    readonly healthPaths: readonly string[];
    readonly adminPaths: readonly string[];
    readonly wellKnownPaths: readonly string[];
    readonly addresses: readonly string[];
    readonly methods: readonly string[];
    /** `function`: who is exempt only the application can tell. `null`: nobody. */
    readonly users: Required<UserExemptions> | "function" | null;
    /** This is a test run, and everything passes. */
    readonly tests: boolean;
  };
  readonly readOnly: { readonly reads: readonly string[]; readonly writes: readonly string[] };
  readonly statusCode: number;
  readonly redirect: string | null;
  readonly override: { readonly mode: Extract<Mode, "open" | "closed">; readonly where: string } | null;
  readonly ignoreCase: boolean;
  /** A number of proxies, or their addresses; `null`: none is trusted. */
  readonly trustProxy: number | readonly string[] | null;
  /** Addresses that sent a forwarding header and that `trustProxy` does not name. */
  readonly ignoredProxies: readonly string[];
}

/** `POST commands` */
export interface CommandResultView {
  readonly outcomes: readonly OutcomeView[];
  readonly position: Position;
}

export interface OutcomeView extends Pick<Outcome, "site" | "effect"> {
  readonly before: RecordText | null;
  readonly after: RecordText | null;
}

export type RecordText = Pick<StoredRecord, "version" | "text">;

/** `GET changes?site=&before=&limit=`, newest first. */
export interface ChangesPage {
  readonly changes: readonly StateChange[];
  /** The `before` of the next page; `null`: this was the last. */
  readonly next: number | null;
}
