import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { html, trusted } from "../../../../src/engine/page/html.ts";

describe("html", () => {
  test("escapes every value", () => {
    expect(html`<p title="${`"'`}">${"<script>&</script>"}</p>`.text).toBe(
      '<p title="&quot;&#39;">&lt;script&gt;&amp;&lt;/script&gt;</p>',
    );
  });

  test("inserts markup unchanged, null as nothing, and a number as its digits", () => {
    expect(html`${html`<b>${"&"}</b>`}|${trusted("<i>")}|${null}|${0}`.text).toBe("<b>&amp;</b>|<i>||0");
  });

  test("keeps every text inside its element or attribute", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(html`${text}`.text).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });
});
