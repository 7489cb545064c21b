import { MaintenanceError, messageOf } from "../../errors.ts";
import { formatInstant } from "../../state/instant.ts";
import { nearest } from "../../text/nearest.ts";
import { atOnce } from "../decide/at-once.ts";
import type { Page, PageContext, RenderedPage } from "../page/context.ts";
import { escapeHtml } from "../page/html.ts";

/** The input of a template, with what the option `context` adds. The values are plain text: a template function must escape them. */
export interface TemplateContext extends PageContext {
  /** The site's own title, else the built-in one: never empty. */
  readonly title: string;
  readonly message: string;
  /** The end as an RFC 3339 time, or empty. */
  readonly untilText: string;
  readonly [extra: string]: unknown;
}

/** Renders the page of a closed site. Called once per change and language, not per request. */
export type TemplateFunction = (context: TemplateContext) => string | RenderedPage;

type Additions = (page: PageContext) => Readonly<Record<string, unknown>>;

export interface TemplateOptions {
  readonly template: TemplateFunction;
  /** Members that the application adds. */
  readonly context: Additions | null;
  /** Called with a message when a template fails. */
  readonly report: (message: string) => void;
}

/** Returns `page` with the HTML of the application's template. If the template fails, the page's own HTML is used: never a 500, never an open site. */
export function templatedPage(page: Page, { template, context: additions, report }: TemplateOptions): Page {
  return {
    ...page,
    renderHtml(context) {
      try {
        return toRendered(atOnce(template(templateContext(context, page, additions))));
      } catch (error) {
        report(`The template failed, so the built-in page is sent: ${messageOf(error)}`);
        return page.renderHtml(context);
      }
    },
  };
}

/** Returns the input of a template, or of a framework's own view, which the adapter renders. Throws what `additions` throws. */
export function templateContext(context: PageContext, page: Page, additions: Additions | null): TemplateContext {
  return {
    ...atOnce(additions?.(context)),
    ...context,
    title: page.titleOf(context),
    message: page.messageOf(context),
    untilText: context.until === null ? "" : formatInstant(context.until),
  };
}

const PLACEHOLDER = /\{\{\s*([\w$]+)\s*\}\}/g;

/** Markup of Django, Jinja, Twig, Liquid, Handlebars and EJS: tags, comments, and output expressions other than a plain name. */
const FOREIGN_MARKUP = /\{%.*?(?:%\}|$)|\{#.*?#\}|\{\{(?!\s*[\w$]+\s*\}\}).*?(?:\}\}\}?|$)|<%.*?(?:%>|$)/gm;

/**
 * Compiles a text with `{{placeholders}}` to a template. The values are escaped. The template throws for a placeholder without a value.
 * @throws `ERR_INVALID_OPTION` for the markup of a template engine, with the lines: visitors would see the markup unrendered.
 */
export function placeholderTemplate(text: string): TemplateFunction {
  const foreign = [...text.matchAll(FOREIGN_MARKUP)].slice(0, 3).map(({ 0: markup, index }) => {
    return `line ${text.slice(0, index).split("\n").length}: ${markup.slice(0, 60)}`;
  });
  if (foreign.length > 0) {
    throw new MaintenanceError(
      "ERR_INVALID_OPTION",
      `it contains markup that is not rendered (${foreign.join("; ")})`,
      {
        hint: "Write plain HTML with {{title}}, {{message}}, {{untilText}} and the members of `context`; for a template engine use `{ view }` or a function.",
      },
    );
  }
  return (context) =>
    text.replace(PLACEHOLDER, (_whole, name: string) => {
      if (!Object.hasOwn(context, name)) throw unknownPlaceholder(name, Object.keys(context));
      return escapeHtml(String(context[name] ?? ""));
    });
}

function unknownPlaceholder(name: string, known: readonly string[]): MaintenanceError {
  const likely = nearest(name, known);
  return new MaintenanceError("ERR_INVALID_OPTION", `{{${name}}} has no value; the names are: ${known.join(", ")}.`, {
    hint: likely === undefined ? "Add it in `context`, or remove it." : `Did you mean {{${likely}}}?`,
  });
}

function toRendered(result: string | RenderedPage): RenderedPage {
  if (typeof result === "string") return { body: result, contentSecurityPolicy: null };
  if (typeof result?.body === "string") return result;
  throw new TypeError("it returned neither a text nor an object with a body");
}
