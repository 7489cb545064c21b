/** A statement with its parameters written into it, to be read or run by hand. Parameters are texts and numbers. */
export function toLiteral(sql: string, parameters: readonly unknown[]): string {
  let next = 0;
  return sql.replace(/\$(\d+)|\?/g, (_place, number?: string) => {
    const value = parameters[number === undefined ? next++ : Number(number) - 1];
    return typeof value === "number" ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
  });
}
