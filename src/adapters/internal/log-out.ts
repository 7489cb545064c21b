import type { NormalOptions } from "../../config/normal-options.ts";
import { messageOf } from "../../errors.ts";

/** Never rejects: what fails is reported, and the request counts as anonymous either way. */
export async function logOut(options: Pick<NormalOptions, "logOut" | "logger">, request: object): Promise<void> {
  try {
    await options.logOut?.with(request);
  } catch (error) {
    options.logger.error(`logOut.with failed, and the request counts as anonymous all the same: ${messageOf(error)}`);
  }
}
