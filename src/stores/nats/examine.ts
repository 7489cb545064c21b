import { type Finding, okFinding, warnFinding } from "../../finding.ts";
import { latencyFinding } from "../driver/findings.ts";
import type { NatsLink } from "./client.ts";
import { isNoBucket } from "./error.ts";

/** Returns findings about the server and the bucket. */
export async function examineNats({ connection, manager }: NatsLink, bucket: string): Promise<readonly Finding[]> {
  const latency = Math.ceil(await connection.rtt());
  const { version = "unknown", cluster } = connection.info ?? {};
  const stream = await manager.streams.info(`KV_${bucket}`).catch((error: unknown) => {
    if (isNoBucket(error)) return null;
    throw error;
  });
  return [
    okFinding("server", `NATS ${version}`),
    latencyFinding(latency, "NATS"),
    ...(stream === null
      ? [okFinding("bucket", `${bucket} is made by the first change`)]
      : examineBucket(stream.config, cluster)),
  ];
}

function examineBucket(config: BucketConfig, cluster: string | undefined): readonly Finding[] {
  return [
    config.storage === "memory"
      ? warnFinding(
          "persistence",
          "the bucket is in memory: a restart opens every site",
          "Make it anew with file storage.",
        )
      : okFinding("persistence", "in files"),
    config.max_age > 0
      ? warnFinding("expiry", "what is in the bucket expires", "Take its TTL away: nats kv edit.")
      : okFinding("expiry", "none"),
    cluster !== undefined && config.num_replicas === 1
      ? warnFinding(
          "replicas",
          "1, in a cluster: while that server is away, nothing can be switched",
          "Make it 3: nats stream edit.",
        )
      : okFinding("replicas", String(config.num_replicas)),
  ];
}

interface BucketConfig {
  readonly storage: string;
  /** Nanoseconds. */
  readonly max_age: number;
  readonly num_replicas: number;
}
