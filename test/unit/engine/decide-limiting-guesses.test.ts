import { expect, test } from "vitest";
import { createGuessLimiter } from "../../../src/bypass/guess-limiter.ts";
import { decideLimitingGuesses } from "../../../src/engine/decide/decide.ts";
import { ANONYMOUS, type UserFacts } from "../../../src/engine/decide/request-facts.ts";
import { requestFacts } from "../../support/request-facts.ts";
import { NOW, snapshotOf } from "../../support/snapshot.ts";

const snapshot = snapshotOf({ "*": { mode: "closed" } }, { exempt: { users: { staff: true } } });

test("a wrong token counts once if the user has to be known before the request is blocked", () => {
  const fails: (string | undefined)[] = [];
  const guesses = { ...createGuessLimiter(), fail: (address: string | undefined) => void fails.push(address) };
  const outcome = (user: UserFacts | undefined): string => {
    const facts = requestFacts({ target: "/?maintenance-access=wrong", address: "10.0.0.1", user });
    return decideLimitingGuesses(facts, snapshot, { now: () => NOW }, guesses).outcome;
  };
  expect(outcome(undefined)).toBe("defer");
  expect(fails).toEqual([]);
  expect(outcome(ANONYMOUS)).toBe("block");
  expect(fails).toEqual(["10.0.0.1"]);
  expect(outcome({ ...ANONYMOUS, authenticated: true, staff: true })).toBe("allow");
  expect(fails).toEqual(["10.0.0.1"]);
});
