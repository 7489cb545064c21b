/** A text that is already markup. */
export interface Html {
  readonly markup: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A template that escapes its values, except those that are already markup. */
export function html(
  texts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  return { markup: texts.reduce((whole, text, index) => whole + toMarkup(values[index - 1] ?? "") + text) };
}

function toMarkup(value: string | number | Html | readonly Html[]): string {
  if (typeof value === "object")
    return [value]
      .flat()
      .map(({ markup }) => markup)
      .join("");
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
