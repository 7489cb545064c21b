/**
 * How the notice looks: the page's own font and colours, and a bar beside it. While the site is open the live region stays in
 * place, empty, because screen readers announce only what changes within one they know.
 */
export const NOTICE_STYLE: string = `:host([mode]){display:block;padding:.75em 1em;border-inline-start:.25em solid var(--maintenance-accent,#b36b00)}
:host(:not([mode])) slot{display:none}`;
