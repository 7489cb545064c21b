/**
 * The style of the page. Constant, so that its hash is too. Lengths follow the reader's font size; logical properties suit both
 * directions of text; colours have a contrast of 4.5 to 1 in light and in dark.
 */
export const PAGE_STYLE: string = `:root {
  color-scheme: light dark;
  --paper: #fbfaf8; --ink: #1b1a18; --quiet: #605d58; --line: #dbd7d0;
  --closed: #8c5200; --read-only: #1b57b6; --paused: #6b41b3;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #151413; --ink: #efedea; --quiet: #a8a49e; --line: #383532;
    --closed: #efb35c; --read-only: #8ab6ff; --paused: #c2a8ff;
  }
}
* { box-sizing: border-box; margin: 0; }
[hidden] { display: none !important; }
body {
  background: var(--paper); color: var(--ink);
  font: 1.125rem/1.6 system-ui, sans-serif;
  -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
  overflow-wrap: anywhere;
}
main {
  --accent: var(--closed);
  max-inline-size: 40rem; margin-inline: auto;
  padding: clamp(2rem, 10vh, 7rem) 1.5rem 4rem;
}
[data-mode="read-only"] { --accent: var(--read-only); }
[data-mode="paused"] { --accent: var(--paused); }
.owner { margin-block-end: 2.5rem; font-size: 1rem; font-weight: 600; }
.owner img { display: block; max-block-size: 3rem; max-inline-size: min(100%, 14rem); }
.mode { display: flex; align-items: center; gap: .625rem; color: var(--accent); font-size: 1rem; font-weight: 600; }
svg { inline-size: .8125rem; block-size: .8125rem; fill: currentColor; flex: none; }
h1 { margin-block: .75rem 1.25rem; font-size: clamp(1.75rem, 1.35rem + 2.2vw, 2.875rem); line-height: 1.2; font-weight: 600; text-wrap: balance; }
p { text-wrap: pretty; }
:lang(ja) { word-break: auto-phrase; }
.message { white-space: pre-line; }
.sent, #open:not(:empty) { font-weight: 600; }
#open:not(:empty), #back { margin-block: 1rem; }
#back, #open { margin-block-end: 2rem; }
.end { margin-block: 2.5rem; padding-block-start: 1.5rem; border-block-start: 1px solid var(--line); }
.end { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: 1.5rem 2rem; }
.end + .message { padding-block-start: 1.5rem; border-block-start: 1px solid var(--line); }
dt, .note, .zone, .facts { color: var(--quiet); font-size: 1rem; }
dd { font-variant-numeric: tabular-nums; }
.figure { display: block; font-size: 1.875rem; line-height: 1.35; }
.day, .zone { display: block; }
.note, .links { margin-block-start: 2rem; }
.links { display: flex; flex-wrap: wrap; gap: .5rem 2rem; }
.note + .links { margin-block-start: 1rem; }
.facts { margin-block-start: 2.5rem; padding-block-start: 1.25rem; border-block-start: 1px solid var(--line); }
.facts div { display: flex; flex-wrap: wrap; gap: 0 .625rem; margin-block-start: .25rem; }
a, button { color: inherit; font: inherit; background: none; border: 0; padding: .25rem 0; cursor: pointer;
  text-decoration: underline; text-decoration-color: var(--accent); text-decoration-thickness: 2px; text-underline-offset: .3em; }
a:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: 4px; border-radius: 2px; }
@media print {
  :root { --paper: #fff; --ink: #000; --quiet: #444; --line: #bbb; --closed: #000; --read-only: #000; --paused: #000; }
  main { padding-block: 0; }
  .act { display: none !important; }
  a { text-decoration: none; }
  .more::after { content: " " attr(href); }
}`;
