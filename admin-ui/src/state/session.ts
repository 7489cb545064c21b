import { type ReadonlySignal, signal } from "@preact/signals";
import type { SessionView } from "../../../src/admin/api-types.ts";
import { ApiError, readSession, signIn, signOut } from "../api.ts";
import { hasToken, keepToken } from "./bearer.ts";
import { setServerTime } from "./server-clock.ts";

export interface Ways {
  readonly application: boolean;
  readonly tokens: boolean;
  readonly password: boolean;
}

export type SessionState =
  | { readonly state: "loading" }
  | { readonly state: "out"; readonly ways: Ways; readonly advice: string | null; readonly note: string }
  | { readonly state: "in"; readonly session: SessionView };

const current = signal<SessionState>({ state: "loading" });

export const session: ReadonlySignal<SessionState> = current;

/** Asks who we are. What cannot be answered leaves us signed out, with the reason. */
export async function loadSession(note = ""): Promise<void> {
  try {
    enter(await readSession());
  } catch (error) {
    leave(error, note);
  }
}

/** Throws what the API refused. */
export async function signInWith(way: "password" | "token", secret: string): Promise<void> {
  if (way === "password") {
    enter(await signIn(secret));
    return;
  }
  keepToken(secret);
  try {
    enter(await readSession());
  } catch (error) {
    keepToken(null);
    throw error;
  }
}

export async function signOutHere(): Promise<void> {
  if (hasToken()) keepToken(null);
  else await signOut();
  await loadSession("You are signed out.");
}

/** The session ended under our hands. What was typed stays where it is, and is there again after signing in. */
export function noticeSignedOut(error: unknown): void {
  if (!(error instanceof ApiError) || error.problem.status !== 401 || current.value.state !== "in") return;
  keepToken(null);
  leave(error, "Your session has ended. Sign in again: nothing that you typed is lost.");
}

function enter(view: SessionView): void {
  setServerTime(view.now);
  current.value = { state: "in", session: view };
}

function leave(error: unknown, note: string): void {
  const { ways, advice } = (error instanceof ApiError ? error.problem : {}) as Partial<{ ways: Ways; advice: string }>;
  const reached = error instanceof ApiError && error.problem.status === 401;
  current.value = {
    state: "out",
    ways: ways ?? { application: false, tokens: true, password: true },
    advice: advice ?? null,
    note: reached ? note : error instanceof Error ? error.message : note,
  };
}
