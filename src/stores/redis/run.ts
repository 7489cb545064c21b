import type { RedisConnection } from "./client.ts";

/** Runs a script in the server, all of it or nothing of it. */
export type RunScript = (
  connection: RedisConnection,
  script: string,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>;

/** Sends a script as its hash, and as a whole only to a server that has not seen it yet. */
export function scriptRunner(): RunScript {
  const hashes = new Map<string, string>();
  return async (connection, script, keys, args) => {
    const hash = hashes.get(script) ?? (await sha1(script));
    hashes.set(script, hash);
    const rest = [String(keys.length), ...keys, ...args.map(String)];
    try {
      return await connection.send(["EVALSHA", hash, ...rest]);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
      return connection.send(["EVAL", script, ...rest]);
    }
  };
}

async function sha1(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
