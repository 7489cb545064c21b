import type { BaseController } from "../../control/controller.ts";
import { isMaintenanceError } from "../../errors.ts";
import type { StateChange } from "../../stores/store.ts";
import { nextTurn } from "../http/in-slices.ts";
import { RefusedRequest } from "../http/problem.ts";

/** Number of changes that are searched for one answer; `next` then says where to continue. */
const MAX_SCANNED = 2_000;
/** Number of changes per read of the store: few, until they have turned out to be small. */
const MIN_PAGE = 25;
const MAX_PAGE = 200;
/** Characters of records that are read before the event loop gets a turn: takes some milliseconds. */
const MAX_SLICE_CHARACTERS = 100_000;

export interface HistoryScan {
  readonly site: string | undefined;
  /** Only changes below this version. */
  readonly before: number | undefined;
  /** Whether there is enough for one answer. */
  isFull(): boolean;
  visit(change: StateChange): void;
}

/**
 * Searches the history, newest first, and lets the event loop continue in between. Returns where to continue; `null` at the end. Throws
 * a refusal with 404 for an unknown site.
 */
export async function scanHistory(controller: BaseController, scan: HistoryScan): Promise<number | null> {
  let next = scan.before;
  let limit = MIN_PAGE;
  let read = 0;
  for (let scanned = 0; scanned < MAX_SCANNED; scanned += limit) {
    const page = await controller.history({ site: scan.site, limit, before: next }).catch((error: unknown) => {
      throw isMaintenanceError(error, "ERR_UNKNOWN_SITE") ? new RefusedRequest(error, { status: 404 }) : error;
    });
    const size = page.reduce((sum, change) => sum + sizeOf(change), 0);
    for (const change of page) {
      if (scan.isFull()) return next ?? null;
      next = change.version;
      if (read > 0 && read + sizeOf(change) > MAX_SLICE_CHARACTERS) {
        read = 0;
        await nextTurn();
      }
      read += sizeOf(change);
      scan.visit(change);
    }
    if (page.length < limit) return null;
    limit = size > MAX_SLICE_CHARACTERS ? MIN_PAGE : Math.min(2 * limit, MAX_PAGE);
  }
  return next ?? null;
}

function sizeOf({ records }: StateChange): number {
  return records.reduce((sum, { before, after }) => sum + (before?.length ?? 0) + (after?.length ?? 0), 0);
}
