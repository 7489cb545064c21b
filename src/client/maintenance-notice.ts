import type { DomDocument, DomElement, DomElementRegistry, DomShadowRoot, DomStyleSheet } from "./dom.ts";
import { type MaintenanceInfo, maintenanceOf } from "./maintenance-info.ts";

declare const document: DomDocument;
declare const location: { reload(): void };
declare const customElements: DomElementRegistry | undefined;
declare const HTMLElement: new () => DomElement;
declare const CSSStyleSheet: new () => DomStyleSheet;

/** What the element can do, besides being one: `document.querySelector<HTMLElement & MaintenanceNotice>("maintenance-notice")`. */
export interface MaintenanceNotice {
  /** Shows the notice, or what is new in it, until the site opens. */
  show(info: MaintenanceInfo): void;
  /** Hides the notice without a word to anybody. Idempotent. */
  hide(): void;
}

/**
 * Registers the custom element that shows that a site is closed. Idempotent, and does nothing where there are no elements, so that
 * a server may call it too. It is empty until `show` is called, or until the URL in `src`, asked once at the beginning, says that
 * the site is closed. While it is shown and seen it asks with a `HEAD` every 30 to 60 seconds, and at the end it sends
 * `maintenance-end` and hides, or reloads the page. A read-only site cannot be asked so, as it lets a `HEAD` pass: its notice stays
 * until the known end or `hide()`, and never reloads, so that users do not lose what they entered.
 */
export function defineMaintenanceNotice(name = "maintenance-notice"): void {
  if (typeof customElements === "undefined" || customElements.get(name)) return;
  const style = new CSSStyleSheet();
  style.replaceSync(NOTICE_STYLE);

  customElements.define(
    name,
    class extends HTMLElement implements MaintenanceNotice {
      readonly #parts: readonly DomElement[];
      #info: MaintenanceInfo | null = null;
      #timer: ReturnType<typeof setInterval> | undefined;
      /** When to ask whether the site is open; 0 is not known yet. */
      #nextPoll = 0;

      constructor() {
        super();
        const root = this.attachShadow({ mode: "open" });
        root.adoptedStyleSheets = [style];
        const status = append(root, "div", { part: "status", role: "status" });
        this.#parts = [
          append(status, "div", { part: "mode" }),
          append(status, "slot", { part: "message", name: "message" }),
          // Within a live region a timer is not announced each time that it changes (WAI-ARIA 1.2 section 5.4).
          append(status, "div", { part: "time", role: "timer" }),
        ];
      }

      connectedCallback(): void {
        if (this.#info) this.show(this.#info);
        else if (this.hasAttribute("src")) void this.#poll();
      }

      show(info: MaintenanceInfo): void {
        this.#info = info;
        this.setAttribute("mode", info.mode);
        clearInterval(this.#timer);
        this.#timer = setInterval(() => this.#tick(info), 1000);
        this.#tick(info);
      }

      hide(): void {
        clearInterval(this.#timer);
        this.#info = null;
        this.#nextPoll = 0;
        this.removeAttribute("mode");
        this.#say("", "", "");
      }

      /** Only what is new, so that a live region announces nothing twice. */
      #say(...texts: readonly [mode: string, message: string, time: string]): void {
        this.#parts.forEach((part, index) => {
          const text = texts[index] ?? "";
          if (part.textContent !== text) part.textContent = text;
        });
      }

      #tick({ mode, until }: MaintenanceInfo): void {
        if (!this.isConnected) {
          clearInterval(this.#timer);
          return;
        }
        const now = Date.now();
        const end = until?.getTime() ?? Date.parse(this.getAttribute("until") ?? "");
        this.#say(
          this.getAttribute(mode) ?? `Maintenance: ${mode}`,
          this.getAttribute("message") ?? "",
          sayTimeLeft(end, now, document.documentElement.lang),
        );
        this.#nextPoll ||= now + 30_000 * (1 + Math.random());
        if (mode === "read-only") {
          if (end <= now) this.#end(false);
        } else if (now >= this.#nextPoll && !document.hidden) void this.#poll();
      }

      async #poll(): Promise<void> {
        // Until this one is answered there is no other.
        this.#nextPoll = Infinity;
        // As JSON, because who asks so is never redirected while the site is closed. No answer says nothing of the end.
        const response = await fetch(this.getAttribute("src") ?? "/", {
          method: "HEAD",
          headers: { accept: "application/json" },
          cache: "no-store",
          redirect: "manual",
        }).catch(() => null);
        this.#nextPoll = 0;
        if (!response || !this.isConnected) return;
        const info = maintenanceOf(response);
        if (info) this.show(info);
        // From 502 on a gateway says that the application is not there yet.
        else if (this.#info && response.status < 502) this.#end(this.hasAttribute("reload"));
      }

      #end(reloads: boolean): void {
        this.hide();
        this.dispatchEvent(new Event("maintenance-end", { bubbles: true }));
        if (reloads) location.reload();
      }
    },
  );
}

function append(
  parent: DomElement | DomShadowRoot,
  name: string,
  attributes: Readonly<Record<string, string>>,
): DomElement {
  const child = document.createElement(name);
  for (const attribute in attributes) child.setAttribute(attribute, attributes[attribute] ?? "");
  parent.append(child);
  return child;
}

/**
 * How the notice looks: the page's own font and colours, and a bar beside it. While the site is open the live region stays in
 * place, empty, because screen readers announce only what changes within one they know.
 */
const NOTICE_STYLE: string = `:host([mode]){display:block;padding:.75em 1em;border-inline-start:.25em solid var(--maintenance-accent,#b36b00)}
:host(:not([mode])) slot{display:none}`;

/**
 * The time left until `until`, said twice: in how long, and at what hour where the reader is. Empty when it is over or not known
 * (`NaN`). Both are in milliseconds since the epoch. A `language` that is no tag of BCP 47 gives way to the reader's own.
 */
export function sayTimeLeft(until: number, now: number, language: string): string {
  if (!(until > now)) return "";
  const locale = localeOf(language);
  const minutes = Math.ceil((until - now) / 60_000);
  const relative = new Intl.RelativeTimeFormat(locale);
  const left = minutes < 120 ? relative.format(minutes, "minute") : relative.format(Math.round(minutes / 60), "hour");
  return `${left} · ${new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(until)}`;
}

function localeOf(language: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    // The one thing it throws is a RangeError, for a `lang` such as "" or "en_US".
    return undefined;
  }
}
