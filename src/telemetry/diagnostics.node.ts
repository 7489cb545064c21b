import { channel } from "node:diagnostics_channel";
import type { DiagnosticsChannels } from "./diagnostics.ts";

/** The channels of this process, which all gates share. */
export function openChannels(): DiagnosticsChannels {
  return {
    switched: channel("maintenance-mode:switched"),
    blocked: channel("maintenance-mode:blocked"),
    bypassed: channel("maintenance-mode:bypassed"),
  };
}
