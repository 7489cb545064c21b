import { isClosedAt } from "./member.ts";
import type { Member, State } from "./state.ts";
import { type Step, step } from "./step.ts";
import type { World } from "./world.ts";

/** The transitions of the requests to the member: they are admitted, wait for a late decision, enter the application and end. */
export function requestSteps(state: State, world: World): readonly Step[] {
  const { member, promises } = state;
  const { mistakes } = world;
  const breaks = promises.a || promises.b ? "M admits under a promise" : null;
  const enter = (label: string, changes: Partial<Member>): Step =>
    step(label, state, { member: { ...member, ...changes, underWay: 1 } }, breaks);

  const steps: Step[] = [];
  const isServing = serves(member, world);
  const isClosed = isClosedAt(member, world);
  const isFenced = member.bound !== 0 && member.leaseAge >= world.lease;
  const admits = isServing && !isClosed && !isFenced;

  if (member.deferred === 1) {
    // M6: the decision is taken again in the turn in which the request enters.
    const isAdmitted = admits || mistakes.has("enter on the old decision");
    steps.push(
      isAdmitted
        ? enter("the deferred request enters", { deferred: 0 })
        : step("the deferred request is blocked", state, { member: { ...member, deferred: 0 } }),
    );
  } else if (admits && member.underWay === 0) {
    steps.push(
      world.options.has("deferred decisions")
        ? step("M decides, and defers a request", state, { member: { ...member, deferred: 1 } })
        : enter("M admits", {}),
    );
  }
  if (mistakes.has("pass deferred requests on") && isServing && isClosed && member.underWay === 0) {
    steps.push(enter("the front passes a request on", {}));
  }
  if (member.underWay === 1) {
    steps.push(step("M's request ends", state, { member: { ...member, underWay: 0 } }));
  }
  return steps;
}

function serves({ phase }: Member, { mistakes }: World): boolean {
  if (phase === "outside") return mistakes.has("never loaded is open");
  return phase === "read" || phase === "in" || phase === "leaving";
}
