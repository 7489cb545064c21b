/** Changes that an operator makes to the tables of a state with SQL, without the program. */
export interface StateTables {
  wipe(): Promise<void>;
  backup(): Promise<() => Promise<void>>;
}

const NAMES = ["state", "sites", "changes", "change_records"];

/** Returns these changes for the tables in `place`, a schema or database. */
export function stateTables(place: string, execute: (sql: string) => Promise<unknown>): StateTables {
  const tables = NAMES.map((name) => `${place}.maintenance_${name}`);
  let copies = 0;

  async function wipe(): Promise<void> {
    for (const table of tables) await execute(`delete from ${table}`);
  }

  return {
    wipe,
    async backup() {
      const suffix = `_copy_${++copies}`;
      for (const table of tables) await execute(`create table ${table}${suffix} as select * from ${table}`);
      return async () => {
        await wipe();
        for (const table of tables) await execute(`insert into ${table} select * from ${table}${suffix}`);
      };
    },
  };
}
