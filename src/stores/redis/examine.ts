import { errorFinding, type Finding, okFinding, warnFinding } from "../../finding.ts";
import { clockFinding, latencyFinding } from "../driver/findings.ts";
import type { RedisConnection } from "./client.ts";

/** Returns findings about the server. */
export async function examineRedis(connection: RedisConnection): Promise<readonly Finding[]> {
  const before = performance.now();
  await connection.send(["PING"]);
  const latency = Math.ceil(performance.now() - before);
  const info = parseInfo(String(await connection.send(["INFO"])));
  const [save, fsync, least] = await Promise.all(
    ["save", "appendfsync", "min-replicas-to-write"].map((name) => configOf(connection, name)),
  );
  return [
    okFinding(
      "server",
      `${info.get("valkey_version") ? "Valkey" : "Redis"} ${info.get("valkey_version") ?? info.get("redis_version")}`,
    ),
    latencyFinding(latency, "Redis"),
    info.get("role") === "slave"
      ? errorFinding("role", "this is a replica: it accepts no writes", "Use the primary in redisStore({ url }).")
      : okFinding("role", "primary"),
    eviction(info.get("maxmemory_policy")),
    persistence(info.get("aof_enabled") === "1", save ?? null, fsync ?? null),
    ...replicas(Number(info.get("connected_slaves") ?? 0), least ?? null),
    clockFinding(readTime(await connection.send(["TIME"]))),
  ];
}

function eviction(policy = "unknown"): Finding {
  if (policy === "noeviction") return okFinding("eviction", "nothing is thrown away");
  const hint = "CONFIG SET maxmemory-policy noeviction, and in redis.conf.";
  return warnFinding("eviction", `the policy is ${policy}: when memory runs short the state may be thrown away`, hint);
}

function persistence(appends: boolean, save: string | null, fsync: string | null): Finding {
  if (appends && fsync !== "no") return okFinding("persistence", `appendonly yes, appendfsync ${fsync ?? "unknown"}`);
  const hint = "In redis.conf: appendonly yes, and appendfsync always (or everysec, which may lose a second).";
  if (appends)
    return warnFinding("persistence", "appendfsync is no: a crash of the machine loses up to half a minute", hint);
  if (save === null) return warnFinding("persistence", "appendonly is off, and snapshots cannot be asked for", hint);
  if (save === "") return warnFinding("persistence", "nothing is written to disk: a restart opens every site", hint);
  return warnFinding("persistence", `only snapshots (save ${save}): a crash loses what came after the last one`, hint);
}

function replicas(count: number, least: string | null): readonly Finding[] {
  if (count === 0) return [];
  if (least !== "0") return [okFinding("replicas", `${count}, min-replicas-to-write ${least ?? "unknown"}`)];
  const message = `${count}, and min-replicas-to-write is 0: a failover may lose changes that were accepted`;
  return [warnFinding("replicas", message, "CONFIG SET min-replicas-to-write 1, and in redis.conf.")];
}

/** Seconds and microseconds, to epoch milliseconds. */
function readTime(reply: unknown): number {
  const [seconds, microseconds] = Array.isArray(reply) ? reply.map(Number) : [];
  return Number(seconds) * 1_000 + Number(microseconds) / 1_000;
}

/** Returns `null` if this user has no permission. */
async function configOf(connection: RedisConnection, name: string): Promise<string | null> {
  try {
    const reply: unknown = await connection.send(["CONFIG", "GET", name]);
    const value: unknown = Array.isArray(reply) ? reply[1] : new Map(Object.entries(Object(reply))).get(name);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

function parseInfo(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(":");
      return colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
}
