import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { appendFile, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Owner } from "./server-folder.ts";

export const SMALL_DISK_NEEDS = "the rights to mount a file system; run it as root";

/** A small file system that a test can fill. */
export interface SmallDisk {
  readonly folder: string;
  /** Writes until no byte is free. */
  fill(): Promise<void>;
  /** Deletes the file that `fill` has written. */
  free(): Promise<void>;
  remove(): Promise<void>;
}

/** Tries to mount a small disk: in a container even root may lack the right. */
export function maySmallDisksBeMounted(): boolean {
  if (process.getuid?.() !== 0) return false;
  const place = mkdtempSync(join(tmpdir(), "maintenance-disk-"));
  const isMounted = spawnSync("mount", ["-t", "tmpfs", "tmpfs", place]).status === 0;
  if (isMounted) spawnSync("umount", [place]);
  rmdirSync(place);
  return isMounted;
}

export async function mountSmallDisk(owner: Owner | null): Promise<SmallDisk> {
  const run = promisify(execFile);
  const folder = await mkdtemp(join(tmpdir(), "maintenance-disk-"));
  await run("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]);
  if (owner !== null) await chown(folder, owner.uid, owner.gid);
  const ballast = join(folder, "..ballast");
  return {
    folder,
    async fill() {
      await writeFile(ballast, "");
      for (const size of [65_536, 4_096]) {
        await untilFull(() => appendFile(ballast, Buffer.alloc(size)));
      }
    },
    free: () => rm(ballast),
    async remove() {
      // A lazy unmount, because the server that used the disk may have been killed only a moment ago.
      await run("umount", ["--lazy", folder]);
      await rm(folder, { recursive: true });
    },
  };
}

async function untilFull(write: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await write();
    } catch (error) {
      if (Object(error).code === "ENOSPC") return;
      throw error;
    }
  }
}
