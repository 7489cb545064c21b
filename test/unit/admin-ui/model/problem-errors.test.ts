import { expect, test } from "vitest";
import { textOf } from "../../../../admin-ui/src/language/said.ts";
import { errorAt, generalError, pointerOf } from "../../../../admin-ui/src/model/problem-errors.ts";
import { problemWords } from "../../../../admin-ui/src/model/problem-words.ts";
import type { Problem } from "../../../../src/admin/schema/responses.ts";
import { ERROR_HINTS } from "../../../../src/errors.ts";

const problem: Problem = {
  type: "urn:maintenance-mode:ERR_INVALID_REQUEST",
  title: "Invalid",
  status: 422,
  code: "ERR_INVALID_REQUEST",
  detail: "The body is wrong.",
  hint: "Compare it.",
  errors: [
    { pointer: "/paths/0", message: "no pattern" },
    { pointer: "/paths/1", message: "no pattern" },
    { pointer: "/title", message: "too long" },
  ],
};

test("an error is shown once, at the field that its pointer names or contains", () => {
  expect(errorAt(problem, "/paths")).toEqual({ english: "no pattern" });
  expect(errorAt(problem, pointerOf("notice.title"))).toEqual({ english: "too long" });
  expect(errorAt(problem, "/path")).toBe("");
  expect(errorAt(null, "/paths")).toBe("");
});

test("an error without a field is shown for the whole form", () => {
  expect(generalError(problem, ["/paths", "/title"])).toBe("");
  expect(generalError(problem, ["/paths"])).toEqual({ english: "too long Compare it." });
  expect(generalError({ ...problem, errors: [] }, [])).toEqual({ english: "The body is wrong. Compare it." });
  expect(generalError(null, [])).toBe("");
});

test("the position in the body is not shown, because it is for programs", () => {
  const message = "body, addresses[0].range: The address '10.0.0.0/33' is refused: its prefix length is wrong.";
  const told = { ...problem, detail: message, errors: [{ pointer: "/addresses/0/range", message }] };
  const words = "The address '10.0.0.0/33' is refused: its prefix length is wrong.";
  expect(errorAt(told, "/addresses")).toEqual({ english: words });
  expect(generalError(told, [])).toEqual({ english: `${words} Compare it.` });
});

test("a refusal uses the words of the page, not those of the API", () => {
  const refused = (status: number, code: Problem["code"], detail: string, hint: string): Problem => ({
    ...{ type: `urn:maintenance-mode:${code}`, title: "", status, code, detail, hint },
  });
  for (const [code, hint] of Object.entries(ERROR_HINTS) as [Problem["code"], string][]) {
    for (const status of [400, 401, 403, 404, 409, 412, 422, 429, 500, 503]) {
      const words = textOf(problemWords(refused(status, code, "body, response.status: 99 is no status.", hint)));
      expect(words, `${code} ${status}`).not.toMatch(/Authorization|Bearer|Retry-After|openapi|docs\/|--help|body,/);
      expect(words).not.toBe("");
    }
  }
  expect(problemWords(refused(401, "ERR_UNAUTHENTICATED", "x", ERROR_HINTS.ERR_UNAUTHENTICATED))).toBe(
    "Your session has ended. Sign in again.",
  );
});
