import { de } from "../../../admin-ui/src/texts/de.ts";
import { en, type Texts } from "../../../admin-ui/src/texts/en.ts";
import { es } from "../../../admin-ui/src/texts/es.ts";
import { fr } from "../../../admin-ui/src/texts/fr.ts";
import { it } from "../../../admin-ui/src/texts/it.ts";
import { ja } from "../../../admin-ui/src/texts/ja.ts";
import { nl } from "../../../admin-ui/src/texts/nl.ts";
import { pl } from "../../../admin-ui/src/texts/pl.ts";
import { pt } from "../../../admin-ui/src/texts/pt.ts";
import { zhHans } from "../../../admin-ui/src/texts/zh-hans.ts";
import type { AdminLanguage } from "../../../src/admin/page/languages.ts";
import type { Words } from "../../../src/admin/page/words.ts";

export const TEXTS: Readonly<Record<AdminLanguage, (words: Words) => Texts>> = {
  ...{ de, en, es, fr, it, ja, nl, pl, pt },
  "zh-Hans": zhHans,
};

/** The paths of texts that are the same as in English, by language; `*` means every language. */
export const SAME_TEXTS: Readonly<Record<string, readonly string[]>> = {
  // Names of HTTP fields, and texts that consist of values only.
  "*": [
    "access.tokenRights",
    "fields.translated",
    "history.entry",
    "history.member",
    "saving.error",
    "settings.refresh",
    "settings.retryAfter",
    "time.dayAndHour",
  ],
  de: [
    ...["access.name", "access.rightName.links", "access.token", "access.tokenTitle", "explain.users.superuser"],
    ...["fields.tokens", "links.title", "list.byName", "list.hostsField", "list.name", "nav.links", "parts.links"],
    ...["settings.hosts"],
  ],
  es: ["access.token", "access.tokenTitle", "fields.tokens", "settings.hosts"],
  fr: [
    ...["access.sessions", "end.mode", "history.action", "history.site", "message.message", "nav.menu"],
    ...["parts.message", "plain.site", "sites"],
  ],
  it: ["access.token", "access.tokenTitle", "history.ways.file", "nav.menu", "password"],
  nl: [
    ...["access.rightName.links", "access.token", "access.tokenTitle", "conflict.label", "explain.users.superuser"],
    ...["fields.tokens", "history.site", "links.title", "modes.open", "nav.links", "nav.menu", "parts.links"],
    ...["plain.site", "settings.hosts", "sites"],
  ],
  pl: ["access.token", "history.ways.program", "nav.menu"],
  pt: [
    ...["access.rightName.links", "access.token", "access.tokenTitle", "fields.tokens", "history.site", "links.title"],
    ...["nav.links", "nav.menu", "parts.links", "plain.site", "settings.hosts", "sites"],
  ],
};
