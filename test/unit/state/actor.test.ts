import { expect, test } from "vitest";
import { parseActor } from "../../../src/state/actor.ts";

test("an actor is one line with its three members", () => {
  expect(parseActor({ kind: "cli", label: "mia\r\nroot", from: " host\u0000 " })).toEqual({
    kind: "cli",
    label: "mia root",
    from: "host",
  });
  expect(parseActor({ kind: "program", label: "deploy", from: undefined })).toEqual({
    kind: "program",
    label: "deploy",
  });
});

test.each<[unknown, RegExp, RegExp]>([
  [undefined, /the actor \('by'\): expected an object, found undefined/, /kind: "program"/],
  ["mia", /found 'mia'/, /kind: "program"/],
  [{ kind: "program", label: "x", userId: 7 }, /unknown member 'userId'/, /kind, label, from/],
  [{ kind: "program", lable: "x" }, /unknown member 'lable'|label is missing/, /label|kind/],
  [{ kind: "bot", label: "x" }, /kind: expected .*'program'.*found 'bot'/, /cli, admin, program, file/],
  [{ kind: "program", label: "" }, /label: expected a name/, /label/],
  [{ kind: "program", label: "\n" }, /label: expected a name/, /label/],
  [{ kind: "program", label: 10n }, /label: expected a string, found 10/, /label/],
  [{ kind: "program", label: () => "x" }, /label: expected a string, found a function/, /label/],
  [{ kind: "program", label: "x".repeat(501) }, /label: .*500/, /label/],
  [{ kind: "program", label: "cut \ud83d" }, /label: 'cut .' has a lone surrogate/, /surrogate/],
  [{ kind: "program", label: "x", from: new Date(0) }, /from: expected a string/, /label/],
])("%o is refused with the member, the value and the fix", (value, message, hint) => {
  expect(() => parseActor(value)).toThrow(
    expect.objectContaining({
      code: "ERR_INVALID_COMMAND",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    }),
  );
});
