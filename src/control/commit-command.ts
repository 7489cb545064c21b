import { keepAlive } from "../clock.ts";
import type { NormalOptions } from "../config/normal-options.ts";
import { MaintenanceError } from "../errors.ts";
import type { State } from "../state/state.ts";
import type { Store } from "../stores/store.ts";
import type { Application } from "./apply/apply-command.ts";
import type { ValidCommand } from "./command.ts";
import type { CommandResult } from "./controller.ts";
import { holdsSecrets } from "./views/record-view.ts";

/** Each conflict means that another writer has committed, so there is always progress. This limits the retries of one writer. */
const MAX_ATTEMPTS = 100;
/** Maximum pause after the second conflict, doubled with each further one up to `LAST_PAUSE_MS`. There is none after the first. */
const FIRST_PAUSE_MS = 10;
const LAST_PAUSE_MS = 500;

interface Committing {
  readonly store: Store;
  readonly options: NormalOptions;
  readonly command: ValidCommand;
  /** The state that was read already. */
  readonly seen: State;
  load(): Promise<State>;
  apply(state: State): Promise<Application & CommandResult>;
}

/** Writes the change of a command. If another change comes first, the command is applied to the new state. */
export async function commitCommand({
  store,
  options,
  command,
  seen,
  load,
  apply,
}: Committing): Promise<CommandResult> {
  let state = seen;
  for (let attempt = 1; ; attempt += 1) {
    const { draft, ...applied } = await apply(state);
    if (draft === null) return applied;
    const records = applied.outcomes.flatMap(({ before, after }) => [before, after]);
    const announce = !records.some((record) => record !== null && holdsSecrets(record));
    const result = await store.commit(draft, { announce });
    if (result.ok) return { ...applied, position: result.position };
    if (namesVersion(command) || attempt === MAX_ATTEMPTS) {
      throw new MaintenanceError("ERR_CONFLICT", `${store.name}: another change came first.`);
    }
    if (attempt > 1) await pauseAfter(attempt - 1, options);
    state = await load();
  }
}

/** With jitter, so that the same writers do not conflict again. */
function pauseAfter(failures: number, { clock, random }: NormalOptions): Promise<void> {
  const most = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LAST_PAUSE_MS);
  return keepAlive(new Promise((resolve) => clock.setTimer(resolve, random() * most)));
}

/** A command that names a version must not be repeated on the next version. */
function namesVersion(command: ValidCommand): boolean {
  return "version" in command && command.version !== undefined;
}
