/** Changes that an operator makes to the tables of a state with SQL, without the program. */
export interface StateTables {
  wipe(): Promise<void>;
  backup(): Promise<() => Promise<void>>;
  wipeMembers(): Promise<void>;
  damageMember(id: string): Promise<void>;
}

const NAMES = ["state", "sites", "changes", "change_records"];

/** Returns these changes for the tables in `place`, a schema or database. */
export function stateTables(place: string, execute: (sql: string) => Promise<unknown>): StateTables {
  const tables = NAMES.map((name) => `${place}.maintenance_${name}`);
  const members = `${place}.maintenance_members`;
  let copies = 0;

  async function wipe(): Promise<void> {
    for (const table of tables) await execute(`delete from ${table}`);
  }

  return {
    wipe,
    wipeMembers: async () => void (await execute(`delete from ${members}`)),
    damageMember: async (id) => void (await execute(`update ${members} set text = 'cut off' where id = 'row-${id}'`)),
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
