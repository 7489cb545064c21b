import { describe, expect, test } from "vitest";
import { languagesOf, readField, settingsWith } from "../../../../admin-ui/src/model/field.ts";
import { siteViewOf } from "../site-view-of.ts";

const notice = {
  title: "Closed",
  message: "Back soon",
  translations: { de: { title: "", message: "Bald zurück" } },
  moreUrl: null,
};

describe("a field of a site", () => {
  const site = siteViewOf({ notice, paths: ["/a"], hosts: ["shop.example", "more.example"] });

  test.each([
    ["notice.message", "Back soon"],
    ["notice.translations.de.message", "Bald zurück"],
    ["notice.translations.fr.message", ""],
    ["response.statusCode", null],
    ["paths", ["/a"]],
  ])("reads %s", (key, value) => {
    expect(readField(site, key)).toEqual(value);
  });

  test("lists only the hosts that the configuration does not name", () => {
    expect(readField(site, "hosts")).toEqual(["more.example"]);
  });
});

describe("the request of an edit", () => {
  const site = siteViewOf({ notice });

  test("has each touched member as a whole, and no other member", () => {
    expect(settingsWith(site, { "notice.title": "New" })).toEqual({ notice: { ...notice, title: "New" } });
    expect(settingsWith(site, {})).toEqual({});
  });

  test("has a language that was added, and not one whose texts were removed", () => {
    const changes = { "notice.translations.fr.title": "Fermé", "notice.translations.de.message": "" };
    expect(settingsWith(site, changes)).toEqual({
      notice: { ...notice, translations: { fr: { title: "Fermé", message: "" } } },
    });
  });

  test("has no empty lines", () => {
    expect(settingsWith(site, { paths: ["/a", " ", ""] })).toEqual({ paths: ["/a"] });
  });

  test("does not change the site object", () => {
    settingsWith(site, { "notice.translations.de.message": "Anders" });
    expect(site.notice).toEqual(notice);
  });
});

test("the languages are those of the site and those of the edit", () => {
  const keys = ["notice.translations.pt-BR.title", "notice.title"];
  expect(languagesOf(siteViewOf({ notice }), keys)).toEqual(["de", "pt-BR"]);
});
