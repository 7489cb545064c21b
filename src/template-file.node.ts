import { readFile } from "node:fs/promises";

/** The text of a template file, relative to the working directory. Rejects with what the file system says. */
export async function readTemplate(path: string): Promise<string> {
  return await readFile(path, "utf8");
}
