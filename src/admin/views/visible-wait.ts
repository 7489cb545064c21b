import { CONFIGURATION } from "../../config/normalize-options.ts";
import type {
  ProcessView,
  WaitProgress,
  WaitReason,
  WaitRemark,
  WaitResult,
} from "../../control/barrier/wait-result.ts";
import { SHORT_ID } from "../../control/fleet/follower.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { Principal } from "../access/principal.ts";
import { visibleHolds } from "./visible-holds.ts";

// What the caller may see of a wait: see `visibleEffect`.

export function visibleProgress(principal: Principal, progress: WaitProgress): WaitProgress {
  if (principal.may("view", ALL_SITES)) return progress;
  const { processes, reasons } = progress;
  return {
    ...progress,
    processes: processes.map(visibleProcess),
    reasons: reasons.map((reason) => visibleReason(principal, reason)),
  };
}

export function visibleResult(principal: Principal, result: WaitResult): WaitResult {
  if (principal.may("view", ALL_SITES)) return result;
  const { processes, reasons, remarks, waysIn } = result;
  return {
    ...result,
    processes: processes.map(visibleProcess),
    reasons: reasons.map((reason) => visibleReason(principal, reason)),
    remarks: remarks.map(visibleRemark),
    waysIn: waysIn.filter(({ source }) => source !== CONFIGURATION && principal.may("view", source)),
  };
}

function visibleProcess(view: ProcessView): ProcessView {
  return { ...view, label: view.id.slice(0, SHORT_ID), host: "", pid: 0, oldest: null };
}

function visibleReason(principal: Principal, reason: WaitReason): WaitReason {
  switch (reason.kind) {
    case "process":
      return { ...reason, process: visibleProcess(reason.process) };
    case "surfaces":
      return { ...reason, surfaces: reason.surfaces.map((_, place) => `entry ${place + 1}`) };
    case "store":
      return { ...reason, message: "See the log of the server." };
    case "held":
      return { ...reason, held: visibleHolds(principal, reason.held) };
    case "opened":
    case "weakened":
      return principal.may("view", reason.site) ? reason : { ...reason, what: "it lets more requests in" };
    case "overridden":
      return { ...reason, label: "a process", host: "", pid: 0 };
    default:
      return reason;
  }
}

function visibleRemark(remark: WaitRemark): WaitRemark {
  switch (remark.kind) {
    case "clock":
    case "blocked":
      return { ...remark, process: visibleProcess(remark.process) };
    case "closed-unbound":
      return { ...remark, processes: remark.processes.map(visibleProcess) };
    default:
      return remark;
  }
}
