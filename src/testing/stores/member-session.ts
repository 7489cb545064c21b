import assert from "node:assert/strict";
import type { BarrierText, MemberList, Membership, MemberText, NoMember } from "../../stores/members.ts";
import type { Store } from "../../stores/store.ts";
import type { StoreCases, StoreSession } from "./session.ts";

/** The list of processes through two instances of a store. */
export interface MemberSession {
  readonly session: StoreSession;
  readonly one: MemberList;
  readonly other: MemberList;
}

type MemberCases = Readonly<Record<string, (context: MemberSession) => Promise<void>>>;

export function overMembers(cases: MemberCases): StoreCases {
  return Object.fromEntries(
    Object.entries(cases).map(([name, check]) => [
      name,
      async (session) => check({ session, one: membersOf(session.store), other: membersOf(await session.another()) }),
    ]),
  );
}

function membersOf(store: Store): MemberList {
  assert.ok(store.members, "another instance of the store keeps no list of processes");
  return store.members;
}

export function row(id: string, content: object = {}): MemberText {
  return { id, text: JSON.stringify(content) };
}

export function barrier(id: string, ...targets: readonly string[]): BarrierText {
  return { id, targets, text: JSON.stringify({ phase: "arming" }) };
}

/** Renews and expects success. */
export async function renewed(renewal: Promise<Membership | NoMember>): Promise<Membership> {
  const answer = await renewal;
  assert.ok(answer.ok, `the renewal was refused: ${answer.ok ? "" : answer.reason}`);
  return answer;
}
