import { expect, test } from "vitest";
import { coordinatorSteps } from "./coordinator.ts";
import { faultSteps, timeSteps } from "./environment.ts";
import { explore, type Goal, type Verdict } from "./explore.ts";
import { memberSteps } from "./member.ts";
import { requestSteps } from "./requests.ts";
import { isWorking, type State } from "./state.ts";
import type { Step } from "./step.ts";
import { createWorld, initialState, type Variation, type World } from "./world.ts";

const ENDS: readonly Goal<State>[] = [
  // M can always become free again, or the site is closed anyway.
  { verdict: "stuck", isReached: ({ member }) => member.bound === 0 || member.closedBy !== null },
  { verdict: "never", isReached: ({ a, b }) => !isWorking(a) && (b === null || !isWorking(b)) },
];

function next(state: State, world: World): readonly Step[] {
  return [
    ...timeSteps(state, world),
    ...memberSteps(state, world),
    ...requestSteps(state, world),
    ...coordinatorSteps("a", state, world),
    ...coordinatorSteps("b", state, world),
    ...faultSteps(state, world),
  ];
}

const isProven = ({ a, b }: State): boolean => a.phase === "proven" || b?.phase === "proven";

function check(variation: Variation, goals: readonly Goal<State>[] = []): Verdict {
  const world = createWorld(variation);
  return explore(initialState(world), (state) => next(state, world), isProven, goals);
}

function summary(found: Verdict) {
  return "trace" in found ? { verdict: found.verdict, steps: found.trace.length } : found;
}

/** Defines a test: no reachable state breaks a promise. `states` and `proven` count the states, and those after a proof. */
export function holds(
  title: string,
  variation: Variation,
  sizes: { readonly states?: number; readonly proven?: 0 } = {},
) {
  test(`holds: ${title}`, () => {
    const verdict = check(variation);
    expect(verdict).toMatchObject({ verdict: "holds", ...(sizes.states !== undefined && { states: sizes.states }) });
    // Without a proof there is no promise, and nothing was checked.
    expect(verdict.verdict === "holds" && verdict.proven > 0).toBe(sizes.proven !== 0);
  });
}

/** Defines a test: no promise is broken, every coordinator can always end, and the member can always become free. */
export function holdsAndEnds(title: string, variation: Variation): void {
  test(`holds and can always end: ${title}`, () => {
    expect(check(variation, ENDS)).toMatchObject({ verdict: "holds" });
  });
}

/** Defines a test: a promise is broken after `steps` transitions, and not after fewer. `--reporter=verbose` prints them. */
export function bad(title: string, variation: Variation, steps: number): void {
  test(`bad: ${title}`, async ({ annotate }) => {
    const verdict = check(variation);
    if (verdict.verdict === "bad") await annotate(`${verdict.breaks}: ${verdict.trace.join(", ")}`);
    expect(summary(verdict)).toEqual({ verdict: "bad", steps });
  });
}

/** Defines a test: after `steps` transitions the member is bound forever (`stuck`), or a coordinator can no longer end (`never`). */
export function endless(verdict: "stuck" | "never", title: string, variation: Variation, steps: number): void {
  test(`${verdict}: ${title}`, async ({ annotate }) => {
    const found = check(variation, ENDS);
    if ("trace" in found) await annotate(found.trace.join(", "));
    expect(summary(found)).toEqual({ verdict, steps });
  });
}
