import { signGrant } from "../../src/bypass/bypass-cookie.ts";
import { hashToken, mintToken } from "../../src/bypass/token.ts";
import { type CompiledLinks, compileLinks, MAX_REMEMBERED_COOKIES } from "../../src/engine/snapshot/compiled-links.ts";
import { openRecord } from "../../src/state/site-record.ts";
import { NOW } from "../fixtures/state.ts";
import { estimateMedian } from "../measure/estimate.ts";
import { measureInRounds } from "../measure/rounds.ts";
import { atMost, type Row, type Section } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

const SITE = "shop";
const KEY = "a key of the configuration";
const KEYS: readonly string[] = [KEY];
const BY = { kind: "program", label: "bench" } as const;
/** Number of variants of a value that are presented in turn. */
const VARIANTS = 4_096;

/** Measures cookies and tokens of bypass links, by how much the gate knows of them. */
async function measureBypass({ quick }: SectionOptions): Promise<Section> {
  const tokens = Array.from({ length: 100 }, mintToken);
  const [one, hundred] = [linksOf(tokens.slice(0, 1)), linksOf(tokens)];
  const visitors = Array.from({ length: VARIANTS }, (_, visitor) => cookieOf(visitor));
  const forged = visitors.map((cookie) => `${cookie.slice(0, -8)}AAAAAAAA`);
  const [remembered1, remembered100, full] = [one(), hundred(), one()];
  for (const cookie of visitors) for (const links of [remembered1, remembered100]) links.byCookie(cookie, KEYS, NOW);
  const many = Array.from({ length: MAX_REMEMBERED_COOKIES + 1 }, (_, visitor) => cookieOf(visitor));
  for (const cookie of many) full.byCookie(cookie, KEYS, NOW);
  const variants = [
    { name: "loop", run: calibration },
    { name: "fresh", run: inTurn(visitors, (cookie) => cookie.length) },
    { name: "remembered, 1 link", run: inTurn(visitors, (cookie) => remembered1.byCookie(cookie, KEYS, NOW)) },
    { name: "remembered, 100 links", run: inTurn(visitors, (cookie) => remembered100.byCookie(cookie, KEYS, NOW)) },
    { name: "first, 1 link", run: first(visitors, one) },
    { name: "first, 100 links", run: first(visitors, hundred) },
    { name: "many", run: inTurn(many, (cookie) => full.byCookie(cookie, KEYS, NOW)) },
    { name: "forged", run: inTurn(forged, (cookie) => remembered100.byCookie(cookie, KEYS, NOW)) },
    { name: "token", run: inTurn(tokens, (token) => remembered100.byToken(token, NOW)) },
    {
      name: "wrong token",
      run: inTurn(
        visitors.map(() => mintToken()),
        (token) => remembered100.byToken(token, NOW),
      ),
    },
  ];
  const samples = await measureInRounds(variants, { rounds: quick ? 5 : 11, slot: quick ? 15 : 40 });
  const row = (what: string, name: string, unit: "ns" | "µs", limit: number | null, less?: string): Row => {
    const scale = unit === "µs" ? 1_000 : 1;
    const base = less === undefined ? [] : samples(less).both;
    const { first, second, both } = samples(name);
    return {
      what,
      unit,
      measured: estimateMedian(both.map((value, round) => (value - (base[round] ?? 0)) / scale)),
      control: estimateMedian(second.map((value, round) => (value - (first[round] ?? value)) / scale)),
      target: limit === null ? null : atMost(limit),
    };
  };
  return {
    title: "Bypass links: what a cookie or a token costs, A/A as a difference",
    rows: [
      row("calibration: a loop of 1,000 additions", "loop", "ns", null),
      row("building a cookie's string anew, which the rows below leave out", "fresh", "ns", null),
      row("cookie, remembered, 1 link", "remembered, 1 link", "ns", 150, "fresh"),
      row("cookie, remembered, 100 links", "remembered, 100 links", "ns", 150, "fresh"),
      row("cookie, the first time, 1 link", "first, 1 link", "µs", 5, "fresh"),
      row("cookie, the first time, 100 links", "first, 100 links", "µs", 5, "fresh"),
      row("cookie, remembered, 10,001 visitors in turn", "many", "ns", null, "fresh"),
      row("forged cookie that names one of 100 links", "forged", "µs", 5, "fresh"),
      row("token, 100 links", "token", "µs", 5, "fresh"),
      row("wrong token, 100 links", "wrong token", "µs", 5, "fresh"),
    ],
    notes: [
      "The memory of a site is cleared by halves: it holds the last 10,000 cookies at least, and 20,000 at most. A cookie that was forgotten costs " +
        "as much as the first time. With 10,001 cookies the memory of the processor no longer suffices.",
    ],
  };
}

/** Returns a function that compiles the same links anew, with an empty memory. */
function linksOf(tokens: readonly string[]): () => CompiledLinks {
  const links = tokens.map((token, index) => ({
    ...{ id: linkId(index), label: "QA", hash: hashToken(token), key: mintToken(), expires: null },
    created: { at: "2026-01-02T03:04:05Z", by: BY },
  }));
  return () => {
    const compiled = compileLinks({ ...openRecord(SITE), links });
    if (compiled === null) throw new TypeError("There are no links.");
    return compiled;
  };
}

const linkId = (index: number): string => `link${String(index).padStart(4, "0")}`;

function cookieOf(visitor: number): string {
  return signGrant({ link: linkId(0), site: SITE, generation: 0, expires: NOW / 1_000 + 1_000 + visitor }, KEY);
}

/** Presents each value in turn, each time as a new string: the hash of a string that was used before is cached. */
function inTurn(values: readonly string[], use: (value: string) => unknown): () => unknown {
  const bytes = values.map((value) => Buffer.from(value, "latin1"));
  let next = 0;
  return () => {
    if (next === bytes.length) next = 0;
    return use(bytes[next++]?.toString("latin1") ?? "");
  };
}

/** As `inTurn`, but compiled anew before a cookie comes again. */
function first(cookies: readonly string[], compile: () => CompiledLinks): () => unknown {
  let links = compile();
  let count = 0;
  return inTurn(cookies, (cookie) => {
    if (count++ % cookies.length === 0) links = compile();
    return links.byCookie(cookie, KEYS, NOW);
  });
}

function calibration(): number {
  let sum = 0;
  for (let index = 0; index < 1_000; index += 1) sum = (sum + index) | 0;
  return sum;
}

await runSection(measureBypass);
