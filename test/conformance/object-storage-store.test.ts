import { afterAll, beforeAll, describe, test } from "vitest";
import { objectStorageStore } from "../../src/stores/object-storage.ts";
import { storeConformance } from "../../src/testing/stores/conformance.ts";
import { type S3Server, startS3 } from "../support/servers/s3.ts";

let s3: S3Server;
let opened = 0;

beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.close());

async function open() {
  const { url: endpoint, bucket, accessKeyId, secretAccessKey } = s3;
  opened += 1;
  const key = `über all/(${opened}).json`;
  const create = () => objectStorageStore({ endpoint, bucket, key, accessKeyId, secretAccessKey });
  const wipeMembers = async (): Promise<void> => {
    for (const found of s3.objects.keys()) if (found.startsWith(`${key}.members/`)) s3.objects.delete(found);
  };
  return {
    store: create(),
    another: async () => create(),
    wipe: async () => void s3.objects.delete(key),
    wipeMembers,
    damageMember: async (id: string) => void s3.objects.set(`${key}.members/row-${id}`, "damaged"),
    dispose: async () => void s3.objects.delete(key),
  };
}

describe("the object storage store", () => {
  for (const { name, run } of storeConformance({ open })) test(name, run);
});
