/** Markup that is already escaped. Only `html` and `trusted` create it. */
class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type { Markup };

export type Interpolation = Markup | string | number | null;

/**
 * A template tag. Escapes values for element content and for quoted attribute values, unless they are markup already; `null` adds
 * nothing.
 */
export function html(literals: TemplateStringsArray, ...values: readonly Interpolation[]): Markup {
  return new Markup(literals.reduce((text, literal, index) => text + render(values[index - 1] ?? null) + literal));
}

/** Marks a constant of this package as markup. Never pass text from outside. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function render(value: Interpolation): string {
  if (value === null) return "";
  return value instanceof Markup ? value.text : escapeHtml(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes text for element content and quoted attribute values. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
