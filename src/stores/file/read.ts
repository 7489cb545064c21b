import { isAscii } from "node:buffer";
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { open, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { MaintenanceError } from "../../errors.ts";
import type { TaggedText } from "../document/document.ts";
import { unlessRefused } from "./error.ts";

/** Milliseconds. The clocks of file systems tick at most every two seconds: two changes within one tick can have the same time. */
const SETTLED_AFTER_MS = 2_000;
const UNSETTLED = " unsettled";
/** Bytes. Reading more would block the event loop longer than the steps through the thread pool take. */
const MAX_LOCAL_BYTES = 1_048_576n;

/** File systems whose disk is part of this machine, by their type in statfs(2): ext, XFS, Btrfs, tmpfs, overlay, ZFS, F2FS, bcachefs. */
const LOCAL_TYPES: ReadonlySet<number> = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0x2fc12fc1, 0xf2f52010, 0xca451a4e,
]);

export async function readTagged(path: string): Promise<TaggedText | null> {
  const file = await unlessRefused(["ENOENT"], () => open(path, "r"));
  if (file === null) return null;
  try {
    // Before the content: if the file changes in between, the tag is too old and the next poll reads again.
    const stats = await file.stat({ bigint: true });
    return tagged(await file.readFile(), stats, path);
  } finally {
    await file.close();
  }
}

/** Whether the file is one that `readLocal` may read, on the device of the folder `home`. */
export function isSmallFile(stats: BigIntStats, home: string): boolean {
  return stats.isFile() && stats.size <= MAX_LOCAL_BYTES && home.startsWith(`${stats.dev}-`);
}

/** The tag of the file, as `readLocal` reads the file. */
export function tagLocal(path: string, home: string): string | null {
  return openLocal(path, home, (_file, stats) => tagOf(stats));
}

/**
 * Reads synchronously, without the six steps of `readTagged` through the thread pool. Call it only shortly after an asynchronous stat has
 * found a small file in the folder `home`, which is on a local file system: a file system that does not answer would block the whole
 * process. Returns `null` for anything else than this file or the one that replaces it there, and for every error: `readTagged` reports it.
 */
export function readLocal(path: string, home: string): TaggedText | null {
  return openLocal(path, home, (file, stats) => {
    const bytes = Buffer.allocUnsafeSlow(Number(stats.size));
    // Fewer bytes: it is being changed in place.
    return readSync(file, bytes) === bytes.length ? tagged(bytes, stats, path) : null;
  });
}

function openLocal<T>(path: string, home: string, use: (file: number, stats: BigIntStats) => T | null): T | null {
  let file: number | null = null;
  try {
    if (identityOf(statSync(dirname(path), { bigint: true })) !== home) return null;
    // Opening a FIFO would wait for a writer without O_NONBLOCK; a link could lead to another file system.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    const stats = fstatSync(file, { bigint: true });
    return isSmallFile(stats, home) ? use(file, stats) : null;
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** Whether a folder is on a file system that never waits for another machine or process. Only Linux names the file system. */
export async function isLocal(folder: string): Promise<boolean> {
  if (process.platform !== "linux") return false;
  const found = await statfs(folder).catch(() => null);
  return found !== null && LOCAL_TYPES.has(found.type);
}

export async function readStats(path: string): Promise<BigIntStats | null> {
  return await unlessRefused(["ENOENT"], () => stat(path, { bigint: true }));
}

/** Identifies a folder, so that a replacement is noticed. */
export function identityOf({ dev, ino, birthtimeNs }: BigIntStats): string {
  return [dev, ino, birthtimeNs].join("-");
}

export function tagOf({ mtimeNs, ctimeNs, size, ino }: BigIntStats): string {
  return [mtimeNs, ctimeNs, size, ino].join("-");
}

export function isSameTag(expected: string | null, found: string | null): boolean {
  return expected === found || expected === `${found}${UNSETTLED}`;
}

function tagged(bytes: Buffer, stats: BigIntStats, path: string): TaggedText {
  const fresh = Date.now() - Number(stats.ctimeMs) < SETTLED_AFTER_MS;
  return { text: decode(bytes, path), tag: `${tagOf(stats)}${fresh ? UNSETTLED : ""}` };
}

function decode(bytes: Buffer, path: string): string {
  // Five times as fast, and usual.
  if (isAscii(bytes)) return bytes.toString("latin1");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const hint = `Save it as UTF-8, or move it away (mv '${path}' '${path}.broken') and close the sites again.`;
    throw new MaintenanceError("ERR_STATE_UNREADABLE", `The state in file ${path} is not UTF-8.`, { hint, cause });
  }
}
