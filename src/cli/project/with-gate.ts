import { createGate, type Gate } from "../../gate.ts";
import type { Project } from "./project.ts";

/** A gate over the project's stored state, as the application holds one, for as long as `work` takes. Throws when it cannot be read. */
export async function withGate<Result>(
  { controller, given }: Project,
  work: (gate: Gate) => Promise<Result>,
): Promise<Result> {
  // Whatever is wrong with the state is thrown here, in full; a gate would only note it.
  await controller.state();
  const gate = createGate({ ...given, store: await controller.store() });
  try {
    await gate.ready();
    return await work(gate);
  } finally {
    await gate.close();
  }
}
