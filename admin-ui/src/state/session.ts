import { type ReadonlySignal, signal } from "@preact/signals";
import type { SessionView } from "../../../src/admin/api-types.ts";
import { ApiError, readSession, signIn, signOut } from "../api.ts";
import { bearer, keepToken } from "./bearer.ts";
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
  readonly note: string;
}

export type SessionState =
  | { readonly state: "loading" }
  | ({ readonly state: "out" } & SignedOut)
  /** `ended`: under our hands. What is on the screen stays, with what was typed, until somebody signs in again. */
  | { readonly state: "in"; readonly session: SessionView; readonly ended: SignedOut | null };

const current = signal<SessionState>({ state: "loading" });

export const session: ReadonlySignal<SessionState> = current;

/** Asks who we are. What cannot be answered leaves us signed out, with the reason. */
export async function loadSession(note = ""): Promise<void> {
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

/** Nobody is asked anything before somebody has signed in again. */
export function hasEnded(): boolean {
  return current.value.state === "in" && current.value.ended !== null;
}

export async function signOutHere(): Promise<void> {
  if (bearer() !== null) keepToken(null);
  else await signOut();
  await loadSession("You are signed out.");
}

/** Whether `error` says that the session ended under our hands: then that is asked for, and nothing else is wrong. */
export function noticeSignedOut(error: unknown): boolean {
  const state = current.value;
  if (!(error instanceof ApiError) || error.problem.status !== 401 || state.state !== "in") return false;
  if (state.ended !== null) return true;
  keepToken(null);
  const note = "Sign in again: nothing that you typed is lost.";
  const end = (reason: unknown): void => {
    const now = current.value;
    if (now.state === "in") current.value = { ...now, ended: signedOut(reason, note) };
  };
  end(error);
  // Which ways in there are is told here alone.
  readSession().then(enter, (reason) => {
    if (reason instanceof ApiError && reason.problem.status === 401) end(reason);
  });
  return true;
}

function enter(view: SessionView): void {
  setServerTime(view.now);
  current.value = { state: "in", session: view, ended: null };
}

function signedOut(error: unknown, note: string): SignedOut {
  const { ways, advice } = (error instanceof ApiError ? error.problem : {}) as Partial<{ ways: Ways; advice: string }>;
  const reached = error instanceof ApiError && error.problem.status === 401;
  return {
    ways: ways ?? { application: false, tokens: true, password: true },
    advice: advice ?? null,
    note: reached ? note : error instanceof Error ? error.message : note,
  };
}
