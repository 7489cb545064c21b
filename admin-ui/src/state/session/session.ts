import { type ReadonlySignal, signal } from "@preact/signals";
import type { SessionView } from "../../../../src/admin/schema/responses.ts";
import { ApiError, errorWords, readSession, signIn, signOut } from "../../api.ts";
import { t } from "../../language/current.ts";
import type { Said } from "../../language/said.ts";
import { forgetDrafts } from "../drafts/drafts.ts";
import { takeInterrupted } from "../drafts/interrupted.ts";
import { bearer, keepToken } from "./bearer.ts";
import { metaContent } from "./installation.ts";
import { setServerTime } from "./server-clock.ts";

export interface Ways {
  readonly application: boolean;
  readonly tokens: boolean;
  readonly password: boolean;
}

/** How to get in, and why we are not. */
export interface SignedOut {
  readonly ways: Ways;
  readonly advice: string | null;
  /** `null`: nothing more than that a session has ended, where there was one. */
  readonly note: Said | null;
}

export type SessionState =
  | { readonly state: "loading" }
  | ({ readonly state: "out" } & SignedOut)
  /** `ended`: while the page is open. What is on the screen stays, with what was typed, until the next sign-in. */
  | { readonly state: "in"; readonly session: SessionView; readonly ended: SignedOut | null };

type Start =
  | { readonly state: "in"; readonly session: SessionView }
  | ({ readonly state: "out" } & Pick<SignedOut, "ways" | "advice">);

const current = signal<SessionState>({ state: "loading" });

export const session: ReadonlySignal<SessionState> = current;

/** Takes what the server has written into the page; asks where that was for another than the token of this tab. */
export async function startSession(): Promise<void> {
  const start = bearer() === null ? metaContent("admin-start") : null;
  if (start === null) {
    await loadSession();
    return;
  }
  const told: Start = JSON.parse(start);
  if (told.state === "in") enter(told.session);
  else current.value = { state: "out", ways: told.ways, advice: told.advice, note: null };
}

/** Asks who we are. What cannot be answered leaves us signed out, with the reason. */
export async function loadSession(note: Said | null = null): Promise<void> {
  try {
    enter(await readSession());
  } catch (error) {
    current.value = { state: "out", ...signedOut(error, note) };
  }
}

/** Throws what the API refused. */
export async function signInWith(way: "password" | "token" | "application", secret: string): Promise<void> {
  if (way === "password") {
    enter(await signIn(secret));
    return;
  }
  keepToken(way === "token" ? secret : null);
  try {
    enter(await readSession());
  } catch (error) {
    keepToken(null);
    throw error;
  }
}

/** Nothing is read before the next sign-in. */
export function hasEnded(): boolean {
  return current.value.state === "in" && current.value.ended !== null;
}

export async function signOutHere(): Promise<void> {
  if (bearer() !== null) keepToken(null);
  else await signOut();
  forgetDrafts();
  await loadSession(t().signedOut);
}

/** Whether `error` says that the session ended under our hands: then that is asked for, and nothing else is wrong. */
export function noticeSignedOut(error: unknown): boolean {
  const state = current.value;
  if (!(error instanceof ApiError) || error.problem.status !== 401 || state.state !== "in") return false;
  if (state.ended !== null) return true;
  keepToken(null);
  const end = (reason: unknown): void => {
    const now = current.value;
    if (now.state === "in") current.value = { ...now, ended: signedOut(reason, null) };
  };
  end(error);
  // This is the only answer that lists the ways to sign in.
  readSession().then(enter, (reason) => {
    if (reason instanceof ApiError && reason.problem.status === 401) end(reason);
  });
  return true;
}

/** Carries out the action that the end of the session interrupted, unless another user has signed in. */
function enter(view: SessionView): void {
  const before = current.value;
  setServerTime(view.now);
  current.value = { state: "in", session: view, ended: null };
  const again = takeInterrupted();
  if (before.state === "in" && before.session.name === view.name) again?.();
}

function signedOut(error: unknown, note: Said | null): SignedOut {
  const { ways, advice } = (error instanceof ApiError ? error.problem : {}) as Partial<{ ways: Ways; advice: string }>;
  const reached = error instanceof ApiError && error.problem.status === 401;
  return {
    ways: ways ?? { application: false, tokens: true, password: true },
    advice: advice ?? null,
    note: !reached && error instanceof Error ? errorWords(error) : note,
  };
}
