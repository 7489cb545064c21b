import { isSame, isStillOf, restoreSwitch } from "../apply/restore-switch.ts";
import type { FoundRecord } from "../command.ts";

/** What a scope has found and left of each of its sites, those included that it left as they were. */
export interface LiveScope {
  records: readonly FoundRecord[];
}

/** The scopes of one gate that have not ended, oldest first. */
export interface LiveScopes {
  begin(scope: LiveScope): void;
  /**
   * Takes `scope` out, and returns what is left for it to put back. A site in which a later scope is still at work is not: that one now
   * puts back what `scope` had found, as if it had found it itself.
   */
  end(scope: LiveScope): readonly FoundRecord[];
  /** Runs `step` when all before it have run: one scope must not find what another is about to put back. */
  inTurn<Result>(step: () => Promise<Result>): Promise<Result>;
}

const scopesOf = new WeakMap<object, LiveScopes>();

export function liveScopesOf(gate: object): LiveScopes {
  let scopes = scopesOf.get(gate);
  if (scopes === undefined) {
    scopes = createLiveScopes();
    scopesOf.set(gate, scopes);
  }
  return scopes;
}

function createLiveScopes(): LiveScopes {
  const live: LiveScope[] = [];
  let last: Promise<unknown> = Promise.resolve();

  return {
    begin: (scope) => void live.push(scope),
    end(scope) {
      const later = live.splice(live.indexOf(scope)).slice(1);
      live.push(...later);
      return scope.records.filter((own) => {
        const heir = later.find(({ records }) => records.some(({ site }) => site === own.site));
        if (heir === undefined) return !isSame(own.found, own.left);
        heir.records = heir.records.map((record) => inherit(record, own));
        return false;
      });
    },
    async inTurn(step) {
      const result = last.then(step);
      last = result.catch(() => {});
      return result;
    },
  };
}

/** Unless somebody else has changed the site between the two: what they decided is what is put back. */
function inherit(record: FoundRecord, own: FoundRecord): FoundRecord {
  if (record.site !== own.site || !isStillOf(record.found, own)) return record;
  return { ...record, found: restoreSwitch(record.found, own) };
}
