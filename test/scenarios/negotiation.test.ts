import { expect, test } from "vitest";
import { inEachPlace, type ServedApp, serveApp } from "./acceptance/served-app.ts";

const JSON_TYPE = "application/problem+json";
const HTML_TYPE = "text/html; charset=utf-8";
const TEXT_TYPE = "text/plain; charset=utf-8";

inEachPlace("what a visitor can read, %s", (place) => {
  test.each([
    ["application/*", JSON_TYPE],
    ["text/html;q=0, */*", JSON_TYPE],
    ["text/html;q=0, application/*;q=0, */*", TEXT_TYPE],
    ["text/html;q=0, text/*", TEXT_TYPE],
    ["*/*, text/html;q=0.1", JSON_TYPE],
    ["image/webp, */*;q=0.1", HTML_TYPE],
    ["application/xml", HTML_TYPE],
    ["application/*+json", JSON_TYPE],
    ["*/*", HTML_TYPE],
    ["text/html, application/*;q=0.9, */*;q=0.8", HTML_TYPE],
  ])("for 'Accept: %s' is %s", async (accept, type) => {
    const app = await serveApp(place);
    await app.execute({ type: "close" });
    expect((await app.ask({ headers: { Accept: accept } })).headers.get("content-type")).toBe(type);
  });

  async function translated(): Promise<ServedApp> {
    const app = await serveApp(place);
    const translations = {
      el: { title: "Συντήρηση", message: "Στις εννέα" },
      de: { title: "", message: "Um neun" },
      "pt-BR": { title: "", message: "Voltamos às nove" },
      "zh-Hant": { title: "", message: "九點" },
    };
    await app.execute({ type: "close", message: "At nine", translations });
    return app;
  }

  test.each([
    ["el", "Στις εννέα", "el, en"],
    ["EL-gr, de;q=0.5", "Στις εννέα", "el, de"],
    ["de-AT", "Um neun", "de"],
    ["pt-BR, pt;q=0.9", "Voltamos às nove", "pt-BR, pt"],
    ["pt-PT", "Voltamos às nove", "pt-BR, pt"],
    ["pt_pt", "Voltamos às nove", "pt-BR, pt"],
    ["zh-Hant-HK", "九點", "zh-Hant"],
    ["zh-CN", "At nine", "zh-Hans"],
    ["zh-TW", "九點", "zh-Hant"],
    ["en, de;q=0.5", "At nine", "en"],
    ["xx, de;q=0.5", "Um neun", "de"],
    ["fr", "At nine", "fr"],
    ["de;q=0, *", "At nine", "en"],
    [";;,,q=x", "At nine", "en"],
  ])("has the notice for 'Accept-Language: %s': '%s'", async (languages, message, contentLanguage) => {
    const { ask } = await translated();
    const { headers, body } = await ask({ headers: { Accept: "application/json", "Accept-Language": languages } });
    expect([JSON.parse(body).message, headers.get("content-language")]).toEqual([message, contentLanguage]);
  });

  test("has the language of the notice, if it differs from that of the page", async () => {
    const { ask } = await translated();
    const page = (await ask({ headers: { "Accept-Language": "el, de;q=0.5" } })).body;
    expect(page).toContain('<html lang="de" dir="ltr">');
    expect(page).toContain('<h1 lang="el" dir="ltr">Συντήρηση</h1>');
    expect(page).toContain('<p class="message" lang="el" dir="ltr">Στις εννέα</p>');
    const brazilian = (await ask({ headers: { "Accept-Language": "pt-BR" } })).body;
    expect(brazilian).toContain('<p class="message" lang="pt-BR" dir="ltr">Voltamos às nove</p>');
    // The notice has no title in this language, so the built-in one is used.
    expect(brazilian).toContain('<h1 dir="auto">');
  });

  test.each([
    ["zh-CN", ["zh", "zh-Hans-CN", "zh-SG", "zh-cn", "ZH-hans", "zh_CN", "cmn"]],
    ["zh-TW", ["zh-HK", "zh-Hant-TW", "zh-MO", "yue", "zh_Hant"]],
    ["no", ["nb-NO", "nb", "nn", "NO"]],
    ["nb-NO", ["no", "nn-NO"]],
    ["pt", ["pt-BR", "pt-PT"]],
    ["pt-BR", ["pt", "pt-AO"]],
    ["en-US", ["en", "en-GB"]],
    ["iw", ["he-IL", "he"]],
    ["he", ["iw"]],
    ["in", ["id-ID", "id"]],
    ["id", ["in"]],
    ["tl", ["fil", "fil-PH"]],
    ["fil", ["tl"]],
    ["sr", ["sr-RS", "sr-Latn-RS"]],
    ["sr-Latn", ["sr-ME", "sr-Latn-RS", "sh"]],
  ])("has a translation keyed '%s' for readers of the same language under another tag", async (key, asked) => {
    const app = await serveApp(place);
    await app.execute({
      type: "close",
      message: "At nine",
      translations: { [key]: { title: "", message: "Own" } },
    });
    for (const language of asked) {
      const { headers, body } = await app.ask({ headers: { Accept: "application/json", "Accept-Language": language } });
      expect([language, JSON.parse(body).message]).toEqual([language, "Own"]);
      expect(headers.get("content-language")?.split(", ")[0]).toBe(key);
    }
  });

  test("has the closest translation, and none in another script", async () => {
    const app = await serveApp(place);
    const translations = {
      pt: { title: "", message: "pt" },
      "pt-BR": { title: "", message: "pt-BR" },
      "zh-CN": { title: "", message: "zh-CN" },
      nn: { title: "", message: "nn" },
      no: { title: "", message: "no" },
      "sr-Cyrl": { title: "", message: "sr-Cyrl" },
    };
    await app.execute({ type: "close", message: "-", translations });
    const told = async (language: string): Promise<string> =>
      JSON.parse((await app.ask({ headers: { Accept: "application/json", "Accept-Language": language } })).body)
        .message;
    for (const [asked, expected] of Object.entries({
      "pt-PT": "pt",
      "pt-BR": "pt-BR",
      "zh-TW": "-",
      nb: "no",
      "nn-NO": "nn",
      "sr-Latn": "-",
      "sr-RS": "sr-Cyrl",
    })) {
      expect([asked, await told(asked)]).toEqual([asked, expected]);
    }
  });

  test("has the direction of a translation, whatever it begins with", async () => {
    const app = await serveApp(place);
    await app.execute({ type: "close", translations: { iw: { title: "GitHub בתחזוקה", message: "" } } });
    const page = (await app.ask({ headers: { Accept: "text/html", "Accept-Language": "he" } })).body;
    expect(page).toContain('<html lang="he" dir="rtl">');
    expect(page).toContain('<h1 lang="iw" dir="rtl">GitHub');
  });
});
