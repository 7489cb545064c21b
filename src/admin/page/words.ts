import { ALL_SITES } from "../../state/site-record.ts";

/** A site by its id, `*` for all of them, or how many. */
export type Target = string | number;

/** `#` stands for the number. */
export type PluralForms = Partial<Readonly<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

/** The text for each kind of target, as their grammar differs. */
export interface TargetForms {
  readonly site: (id: string) => string;
  readonly all: string;
  /** Left out where there is only ever one site, or all. */
  readonly several?: PluralForms;
}

/** The language and the formatters of the texts. */
export interface Words {
  /** A number with its separators. */
  number(value: number): string;
  /** `number(value)` in the form that the language's plural rules choose. */
  plural(value: number, forms: PluralForms): string;
  /** `a, b and c` */
  list(items: readonly string[]): string;
  on(target: Target, forms: TargetForms): string;
}

/** `locale`: BCP 47, such as `de-AT`. */
export function createWords(locale: string): Words {
  const numbers = new Intl.NumberFormat(locale);
  const rules = new Intl.PluralRules(locale);
  const lists = new Intl.ListFormat(locale, { type: "conjunction" });
  const plural = (value: number, forms: PluralForms): string =>
    (forms[rules.select(value)] ?? forms.other).replaceAll("#", () => numbers.format(value));
  return {
    number: (value) => numbers.format(value),
    plural,
    list: (items) => lists.format(items),
    on(target, { site, all, several }) {
      if (typeof target === "number") return several === undefined ? all : plural(target, several);
      return target === ALL_SITES ? all : site(target);
    },
  };
}
