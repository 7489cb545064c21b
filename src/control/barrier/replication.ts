import { messageOf } from "../../errors.ts";
import type { MemberList } from "../../stores/members.ts";
import type { WaitRemark } from "./wait-result.ts";
import type { Ask } from "./write-once.ts";

/** Returns what may lose the proof: replicas that have not confirmed the writes before this call. Never rejects. */
export async function askReplicas(members: MemberList, ask: Ask): Promise<readonly WaitRemark[]> {
  try {
    const found = await ask(async (signal) => members.replicated?.({ signal }));
    return found === undefined || found.confirmed >= found.replicas ? [] : [{ kind: "replicas", ...found }];
  } catch (error) {
    return [{ kind: "replicas-unknown", message: messageOf(error) }];
  }
}
