import { isSame, isStillOf, restoreSwitch } from "../apply/restore-switch.ts";
import type { FoundRecord } from "../command.ts";

/** A scope that has not ended, with each of its sites as the scope found it and as it left it, unchanged ones included. */
export interface LiveScope {
  records: readonly FoundRecord[];
}

/** The scopes of one gate that have not ended, oldest first. */
export interface LiveScopes {
  begin(scope: LiveScope): void;
  /**
   * Removes `scope`, and returns the sites that it has to restore. A site that a later scope still holds is not among them: that scope
   * now restores what `scope` had found.
   */
  end(scope: LiveScope): readonly FoundRecord[];
  /** Runs `step` after all earlier steps: one scope must not find what another is about to restore. */
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
        const successor = later.find(({ records }) => records.some(({ site }) => site === own.site));
        if (successor === undefined) return !isSame(own.found, own.left);
        successor.records = successor.records.map((record) => inherit(record, own));
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

/** A later scope restores what an earlier one has found, unless the site was changed between the two: then it restores that change. */
function inherit(record: FoundRecord, own: FoundRecord): FoundRecord {
  if (record.site !== own.site || !isStillOf(record.found, own)) return record;
  return { ...record, found: restoreSwitch(record.found, own) };
}
