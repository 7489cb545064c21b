import { isDeepStrictEqual } from "node:util";
import type { Command } from "commander";
import { MaintenanceError } from "../../errors.ts";
import type { Position, StateChange, StateContent, Store } from "../../stores/store.ts";
import { addExamples } from "../input/definition.ts";
import { openStore } from "../project/open-store.ts";
import { withProject } from "../project/project.ts";
import type { Perform, Report, Session } from "../session.ts";

export function define(program: Command, perform: Perform): void {
  const command = program
    .command("copy")
    .description("Copies the state and its history from one store to another, and verifies the copy.")
    .option(
      "--from <store>",
      "a URL (file:, sqlite:, postgres:, mysql:, redis:, nats:) or a configuration file; default: the configured store",
    )
    .requiredOption(
      "--to <store>",
      "the store to write, named in the same way; must be empty, unless --replace is given",
    )
    .option("--replace", "overwrites the state in the other store")
    .option("--dry-run", "shows what would be copied, and writes nothing");
  command.action((options: CopyOptions) => perform(command, (session) => copyState(session, options)));
  addExamples(command, [
    ['copy --to "$DATABASE_URL"', "from the file to a database"],
    ["copy --from ./old.config.ts --to ./new.config.ts", "between two configurations"],
    ["copy --to file:backup.json --replace", "make a backup"],
  ]);
}

interface CopyOptions {
  readonly from?: string;
  readonly to: string;
  readonly replace?: boolean;
  readonly dryRun?: boolean;
}

const PAGE = 500;

async function copyState(session: Session, options: CopyOptions): Promise<Report> {
  return await withSource(session, options.from, async (from) => {
    const to = await openStore(options.to, session.context);
    try {
      return await copy(from, to, options);
    } finally {
      await to.close();
    }
  });
}

async function withSource<Result>(
  session: Session,
  from: string | undefined,
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  if (from === undefined) return await withProject(session, async ({ controller }) => work(await controller.store()));
  const store = await openStore(from, session.context);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function copy(from: Store, to: Store, { replace = false, dryRun = false }: CopyOptions): Promise<Report> {
  const content = await readAll(from);
  if (content.version === 0) {
    throw new MaintenanceError("ERR_INVALID_OPTION", `${from.name} was never written: there is nothing to copy.`, {
      hint: "Check that --from, or the configuration, names the right store.",
    });
  }
  const there = await to.load();
  const { lineage, version } = content.source;
  if (there.lineage === lineage && there.version === version) {
    throw new MaintenanceError("ERR_INVALID_OPTION", `${to.name} already holds this state.`, {
      hint: "Name two stores: --from and --to are the same one.",
    });
  }
  if (there.version > 0 && !replace) {
    throw new MaintenanceError("ERR_CONFLICT", `${to.name} already contains a state, at version ${there.version}.`, {
      hint: "Add --replace to overwrite it, including its history.",
    });
  }
  const counts = { records: content.records.length, history: content.history.length, version: content.version };
  const what = `version ${content.version}: ${counts.records} records and ${counts.history} entries of history`;
  const json = { from: from.name, to: to.name, dryRun, ...counts };
  if (dryRun) return { json, text: `Dry run: nothing was written. From ${from.name}\nto ${to.name}\n${what}.` };
  const written = await to.importState(content, there);
  if (!written.ok) throw new MaintenanceError("ERR_CONFLICT", `${to.name}: another process wrote at the same time.`);
  const kept = await verify(content, to);
  const left = kept === counts.history ? "" : `\nIt keeps the newest ${kept} entries of the history.`;
  await requireUnchanged(from, content);
  return {
    json: { ...json, kept },
    text: `Copied from ${from.name}\nto ${to.name}\n${what}; read back, and identical.${left}`,
  };
}

/** Reads the state with a new lineage for the copy: a gate that followed the other store must not mix up positions of the two. */
async function readAll(store: Store): Promise<StateContent & { readonly source: Position }> {
  const { lineage: source, version, records } = await store.load();
  const lineage = crypto.randomUUID();
  const history: StateChange[] = [];
  for (let before = version + 1; ; ) {
    const page = await store.history({ limit: PAGE, before });
    history.push(...page.map((change) => ({ ...change, lineage })));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE)
      return { lineage, version, records, history, source: { lineage: source, version } };
    before = last.version;
  }
}

/** Returns the number of history entries that arrived. Throws `ERR_STATE_UNREADABLE` if the store's content differs from what was written. */
async function verify(content: StateContent, to: Store): Promise<number> {
  const { history, ...state } = await readAll(to);
  const comparable = ({ version, records }: Pick<StateContent, "version" | "records">): unknown => [
    version,
    new Map(records.map((record) => [record.id, [record.version, parse(record.text)]])),
  ];
  const sameHistory = history.every((change, index) =>
    isDeepStrictEqual(outline(change), outline(content.history[index])),
  );
  if (isDeepStrictEqual(comparable(state), comparable(content)) && sameHistory) return history.length;
  throw new MaintenanceError("ERR_STATE_UNREADABLE", `The content of ${to.name} differs from what was copied.`, {
    hint: "Keep using the old store, and report this to the maintainer of the other one.",
  });
}

function outline(change: StateChange | undefined): unknown {
  if (change === undefined) return null;
  const { version, at, by, command, reason, records } = change;
  const sites = records.map(({ id, seen, before, after }) => [id, seen, parse(before), parse(after)] as const);
  return { version, at, by: { ...by }, command, reason, records: sites.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** Parses a text, since the order of keys may differ. An invalid text is compared as it is. */
function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return text;
  }
}

async function requireUnchanged(from: Store, { source }: { readonly source: Position }): Promise<void> {
  const changes = await from.changesSince(source);
  if (changes !== "reload" && changes.length === 0) return;
  throw new MaintenanceError("ERR_CONFLICT", `${from.name} was changed while it was copied.`, {
    hint: "Copy again with --replace.",
  });
}
