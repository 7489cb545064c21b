import type { Gate } from "../../gate.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { answerCases, middlewareCases } from "./answer-cases.ts";
import type { AppUnderTest } from "./app.ts";
import { connectionCases, routeCases, upgradeCases } from "./connection-cases.ts";
import { countingCases } from "./counting-cases.ts";
import { exemptionCases } from "./exemption-cases.ts";
import { bypassCases, linkCases } from "./link-cases.ts";
import { modeCases } from "./mode-cases.ts";
import { readingCases } from "./reading-cases.ts";
import { type AdapterCases, runAdapterCase } from "./session.ts";
import { userCases } from "./user-cases.ts";

/** How the cases serve an app behind the adapter. */
export interface AdapterConformanceOptions {
  /** Serves `app` behind `gate` over HTTP/1.1 on its own port of 127.0.0.1. Called once per case. */
  start(gate: Gate, app: AppUnderTest): Promise<ServedApp>;
  /**
   * The adapter sees WebSocket and other upgrades, and `start` passes them to `app.upgrade`.
   * @default false
   */
  readonly upgrades?: boolean | undefined;
  /**
   * The adapter runs after middleware of `node:http`, and `start` calls `app.middleware` with each request before it.
   * @default false
   */
  readonly middleware?: boolean | undefined;
  /**
   * The adapter marks routes, and `start` also mounts `app` at exactly the path `/forced-open` with `maintenanceOff` and at
   * `/forced-closed` with `maintenanceOn`, for every method; paths below `/forced-open` are not marked. It is the same function as
   * elsewhere: the marks must not affect its other mounts.
   * @default false
   */
  readonly routes?: boolean | undefined;
}

/** An app that is served over HTTP. */
export interface ServedApp {
  /** `http://127.0.0.1:49152` */
  readonly url: string;
  /** Also closes connections that are kept alive. */
  close(): Promise<void>;
}

/**
 * Returns the cases that every adapter must pass. They run over real HTTP.
 * @example
 * for (const { name, run } of adapterConformance({ start })) test(name, run);
 */
export function adapterConformance(options: AdapterConformanceOptions): readonly ConformanceCase[] {
  const all: AdapterCases = {
    ...answerCases,
    ...exemptionCases,
    ...userCases,
    ...linkCases,
    ...modeCases,
    ...readingCases,
    ...bypassCases,
    ...connectionCases,
    ...countingCases,
    ...(options.upgrades === true ? upgradeCases : {}),
    ...(options.middleware === true ? middlewareCases : {}),
    ...(options.routes === true ? routeCases : {}),
  };
  return Object.entries(all).map(([name, given]) => ({ name, run: () => runAdapterCase(options, given) }));
}
