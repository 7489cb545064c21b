import type { DomDocument, DomElement, DomElementRegistry, DomShadowRoot, DomStyleSheet } from "./dom.ts";
import { type MaintenanceInfo, maintenanceOf } from "./maintenance-info.ts";

declare const document: DomDocument;
declare const location: { reload(): void };
declare const customElements: DomElementRegistry | undefined;
declare const HTMLElement: new () => DomElement;
declare const CSSStyleSheet: new () => DomStyleSheet;

/** The methods of the element: `document.querySelector<HTMLElement & MaintenanceNotice>("maintenance-notice")`. */
export interface MaintenanceNotice {
  /** Shows the notice or updates it, until the site opens. */
  show(info: MaintenanceInfo): void;
  /** Hides the notice without an event. Idempotent. */
  hide(): void;
}

/**
 * Registers a custom element that shows that a site is closed. Idempotent, and does nothing without custom elements, so that a server can
 * call it too. The element is empty until `show` is called, or until the URL in `src`, requested once at the beginning, reports that the
 * site is closed. While the element is visible it sends a `HEAD` request every 30 to 60 seconds; at the end it dispatches
 * `maintenance-end` and hides, or reloads the page. A read-only site cannot be checked this way, since it lets a `HEAD` pass: its notice
 * remains until the known end or `hide()`, and never reloads the page, so that users do not lose their input.
 * @param name The name of the element. @default "maintenance-notice"
 * @example defineMaintenanceNotice(); // in the page: <maintenance-notice src="/"></maintenance-notice>
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
      /** When to check whether the site is open; 0 if that is not known yet. */
      #nextPoll = 0;

      constructor() {
        super();
        const root = this.attachShadow({ mode: "open" });
        root.adoptedStyleSheets = [style];
        const status = append(root, "div", { part: "status", role: "status" });
        this.#parts = [
          append(status, "div", { part: "mode" }),
          append(status, "slot", { part: "message", name: "message" }),
          // Within a live region, changes of a timer are not announced (WAI-ARIA 1.2 section 5.4).
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

      /** Changes only what differs, so that a live region announces nothing twice. */
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
        // No other request before this one is answered.
        this.#nextPoll = Infinity;
        // As JSON, because such a request is never redirected while the site is closed. Without an answer, the end is unknown.
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
        // From 502 on: a gateway reports that the application is not available yet.
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
 * The style of the notice: the page's own font and colours, with a bar at its side. While the site is open the live region remains in place,
 * empty, because screen readers announce only changes within a region that they know.
 */
const NOTICE_STYLE: string = `:host([mode]){display:block;padding:.75em 1em;border-inline-start:.25em solid var(--maintenance-accent,#b36b00)}
:host(:not([mode])) slot{display:none}`;

/**
 * Returns the time left until `until` twice: as a duration, and as a time in the reader's time zone. Empty if `until` is past or unknown
 * (`NaN`). Both times are in milliseconds since the epoch. For an invalid `language` the reader's own is used.
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
    // It throws only a RangeError, for a `lang` such as "" or "en_US".
    return undefined;
  }
}
