import { describe, expect, test } from "vitest";
import type { CloseCommand } from "../../src/control/command.ts";
import { plainPage } from "../../src/engine/answer/plain-page.ts";
import type { ResponsePlan } from "../../src/engine/answer/response-plan.ts";
import { placeholderTemplate, templateContext } from "../../src/engine/answer/template.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { BY, gateUnderTest } from "../support/gate-under-test.ts";
import { requestFacts } from "../support/request-facts.ts";
import { pageContextOf } from "../unit/engine/page/page-context-of.ts";
import { blocksIn } from "./docs-pages.ts";

/** Returns the only block with this language and title. */
function block(language: string, title: string): string {
  const [found, ...others] = blocksIn(language).filter((candidate) => candidate.title === title);
  expect(others).toEqual([]);
  return found?.code ?? "";
}

const NINE = "2026-01-01T09:00:00Z";
const CLOSING: CloseCommand = { type: "close", sites: ["shop"], until: NINE, message: "Back at nine" };

/** Returns the answer of `shop`, which is closed for another hour. */
async function answer(accept: string): Promise<ResponsePlan> {
  const { gate, controller, clock } = gateUnderTest({ sites: { shop: { hosts: ["shop.example"] } } });
  await clock.advance(Date.parse(NINE) - 3_600_000 - clock.now());
  await controller.execute(CLOSING, BY);
  await gate.ready();
  const facts = requestFacts({ host: "shop.example", headers: { accept } });
  const decision = gateInternals(gate).decide(facts);
  await gate.close();
  if (decision.outcome !== "block") throw new Error(`The request was not blocked: ${decision.outcome}.`);
  return gateInternals(gate).plan(decision, facts);
}

describe("the docs show the actual answers", () => {
  test("the headers of a page", async () => {
    const { status, headers } = await answer("text/html");
    const lines = [`HTTP/1.1 ${status} Service Unavailable`];
    for (let i = 0; i + 1 < headers.length; i += 2) {
      const [name = "", value = ""] = headers.slice(i, i + 2);
      lines.push(`${name}: ${["Content-Security-Policy", "Content-Length"].includes(name) ? "…" : value}`);
    }
    expect(lines).toEqual(block("http", "html").trim().split("\n"));
  });

  test("the problem", async () => {
    const { body } = await answer("application/json");
    expect(JSON.parse(body ?? "")).toEqual(JSON.parse(block("json", "problem")));
  });

  test("the template with placeholders can be rendered", () => {
    const template = placeholderTemplate(block("html", "template"));
    const context = templateContext(pageContextOf({ title: "<Shop>", until: Date.parse(NINE) }), plainPage, null);
    expect(template(context)).toContain("<h1>&lt;Shop&gt;</h1>");
    expect(template(context)).toContain(NINE);
  });
});
