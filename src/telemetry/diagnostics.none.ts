import { type DiagnosticsChannels, NO_CHANNELS } from "./diagnostics.ts";

/** Stands in where `node:diagnostics_channel` may not be bundled. */
export function openChannels(): DiagnosticsChannels {
  return NO_CHANNELS;
}
