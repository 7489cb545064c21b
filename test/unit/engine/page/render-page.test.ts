import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { directionOf, LANGUAGES, textsFor } from "../../../../src/engine/page/languages.ts";
import { renderPage } from "../../../../src/engine/page/render.ts";
import { MODES } from "../../../../src/state/mode.ts";
import { pageContextOf } from "./page-context-of.ts";

const UNTIL = Date.parse("2026-05-14T20:00:00Z");
const CLOSED_MODES = MODES.filter((mode) => mode !== "open");

describe("renderPage", () => {
  test("shows the site's own title and message instead of the built-in ones", () => {
    const { body } = renderPage(pageContextOf({ title: "Back at nine", message: "First line\nSecond line" }));
    expect(body).toContain('<h1 dir="auto">Back at nine</h1>');
    expect(body).toContain("<title>Back at nine</title>");
    expect(body).toContain(">First line\nSecond line</p>");
    expect(body).not.toContain(textsFor("en").closed.title);
    expect(body).not.toContain(textsFor("en").closed.message);
  });

  test.each(CLOSED_MODES)("shows %s with its own word, title and message", (mode) => {
    const { body } = renderPage(pageContextOf({ mode }));
    const { word, title, message } = textsFor("en")[mode];
    for (const text of [`</svg>${word}</p>`, `>${title}</h1>`, `>${message}</p>`]) expect(body).toContain(text);
  });

  test("shows markup in the site's texts as text", () => {
    const hostile = `</title></style><script>alert("1")</script>'&amp;`;
    const { body } = renderPage(
      pageContextOf({ title: hostile, message: hostile, language: `"><b>`, moreUrl: `https://x.example/"><b>` }),
    );
    expect(body.match(/<script|<\/style|<\/title/g)).toEqual(["</title", "</style", "<script"]);
    expect(body).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;amp;");
    expect(body).not.toContain("<b>");
  });

  test.each(["javascript:alert(1)", "data:text/html,x", "//x.example", "/status", "https:", ""])(
    "does not link to '%s'",
    (moreUrl) => {
      expect(renderPage(pageContextOf({ moreUrl })).body).not.toContain("noreferrer");
    },
  );

  test("has a link that sends no referrer", () => {
    const { body } = renderPage(pageContextOf({ moreUrl: "https://status.example/?a=1&b=2" }));
    expect(body).toContain(
      '<a class="more" href="https://status.example/?a=1&amp;b=2" rel="noreferrer">More information</a>',
    );
  });

  test("shows the end in UTC, in the page's language and for machines", () => {
    const { body } = renderPage(pageContextOf({ until: UNTIL, language: "de" }));
    expect(body).toContain('datetime="2026-05-14T20:00:00Z"');
    expect(body).toContain(">20:00</span>");
    expect(body).toContain(">Donnerstag, 14. Mai</span>");
    expect(body).toContain(">UTC</span>");
  });

  test("omits an invalid end", () => {
    for (const until of [null, Number.NaN, Number.POSITIVE_INFINITY, 9e15]) {
      expect(renderPage(pageContextOf({ until })).body).not.toContain("<time");
    }
  });

  test("formats the time of a language that Intl does not support", () => {
    const { body } = renderPage(pageContextOf({ until: UNTIL, language: "not a tag" }));
    expect(body).toContain(">20:00</span>");
    expect(body).toContain(">2026-05-14</span>");
  });

  test("returns automatically without script, unless a form would be lost", () => {
    const refresh = '<noscript><meta http-equiv="refresh" content="60"></noscript>';
    expect(renderPage(pageContextOf()).body).toContain(refresh);
    expect(renderPage(pageContextOf({ sent: "not-taken" })).body).not.toContain("http-equiv");
  });

  test("contains neither the product's name nor another site's address", () => {
    const { body } = renderPage(pageContextOf({ until: UNTIL }));
    expect(body).not.toMatch(/maintenance-mode|https?:\/\//i);
  });

  test("allows the style and the script by hash, and nothing unsafe", () => {
    const { contentSecurityPolicy } = renderPage(pageContextOf());
    expect(contentSecurityPolicy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']{44}'; script-src 'sha256-[^']{44}';/,
    );
    expect(contentSecurityPolicy).not.toContain("unsafe");
  });

  test.each(LANGUAGES)("is small in %s, with its language and its direction", (language) => {
    const direction = directionOf(language);
    const { body } = renderPage(
      pageContextOf({ language, direction, until: UNTIL, moreUrl: "https://status.example/" }),
    );
    expect(body).toContain(`<html lang="${language}" dir="${direction}">`);
    expect(new TextEncoder().encode(body).length).toBeLessThan(8_000);
  });

  test("never throws, whatever the context", () => {
    const context = fc.record({
      site: fc.string(),
      mode: fc.constantFrom(...CLOSED_MODES),
      version: fc.integer(),
      language: fc.oneof(fc.constantFrom(...LANGUAGES), fc.string()),
      direction: fc.constantFrom("ltr" as const, "rtl" as const),
      title: fc.string(),
      message: fc.string(),
      titleLanguage: fc.option(fc.string()),
      messageLanguage: fc.option(fc.string()),
      sent: fc.constantFrom(null, "not-taken" as const, "check-first" as const),
      until: fc.option(fc.double()),
      since: fc.option(fc.double()),
      updated: fc.option(fc.double()),
      name: fc.string(),
      contact: fc.option(fc.oneof(fc.webUrl(), fc.emailAddress(), fc.string())),
      logo: fc.option(fc.string()),
      moreUrl: fc.option(fc.oneof(fc.webUrl(), fc.string())),
    });
    fc.assert(fc.property(context, (value) => renderPage(value).body.endsWith("</html>\n")));
  });

  test.each(["not-taken", "check-first"] as const)(
    "never leaves the page that answers a sent form (%s), and says so",
    (sent) => {
      for (const language of LANGUAGES) {
        const { body } = renderPage(pageContextOf({ sent, language, until: UNTIL }));
        const { notTaken, checkFirst, goBack, returns, tryAgain } = textsFor(language);
        expect(body).toContain(sent === "not-taken" ? notTaken : checkFirst);
        expect(body).toContain(`<button type="button">${goBack}</button>`);
        for (const absent of ["http-equiv", returns, `>${tryAgain}<`, 'href=""']) expect(body).not.toContain(absent);
      }
    },
  );

  test("shows the owner by logo, by name, or by the host that the script reads", () => {
    const logo = "data:image/png;base64,AAAA";
    expect(renderPage(pageContextOf({ name: "A & B", logo })).body).toContain(`<img src="${logo}" alt="A &amp; B">`);
    const named = renderPage(pageContextOf({ name: "A & B" })).body;
    expect(named).toContain('<p class="owner"><bdi>A &amp; B</bdi></p>');
    expect(named).toContain("<title>Maintenance in progress · A &amp; B</title>");
    expect(renderPage(pageContextOf()).body).toContain('id="host" hidden');
  });

  test.each([
    ["help@shop.example", '<a href="mailto:help@shop.example"'],
    ["+49 30 1234-567", '<a href="tel:+49301234567"'],
    ["https://shop.example/help?a&b", '<a href="https://shop.example/help?a&amp;b"'],
    ["Ask Ada at the desk", '<dd dir="auto">Ask Ada at the desk</dd>'],
    ["javascript:alert(1)", '<dd dir="auto">javascript:alert(1)</dd>'],
    ["a@b.example?bcc=x@y.example", '<dd dir="auto">a@b.example?bcc=x@y.example</dd>'],
  ])("shows the contact '%s' as a link of its kind or as text", (contact, markup) => {
    expect(renderPage(pageContextOf({ contact })).body).toContain(markup);
  });

  test("shows the end before a long message, and after a short one", () => {
    const order = (message: string): boolean => {
      const { body } = renderPage(pageContextOf({ message, until: UNTIL }));
      return body.indexOf("<dl") < body.indexOf('class="message"');
    };
    expect([order("Short"), order("a ".repeat(200)), order("1\n2\n3\n4\n5\n6")]).toEqual([false, true, true]);
  });

  test("shows the last change in UTC and for machines", () => {
    const { body } = renderPage(pageContextOf({ updated: UNTIL, language: "de" }));
    expect(body).toContain('<time datetime="2026-05-14T20:00:00Z">14.05.2026, 20:00 UTC</time>');
  });
});
