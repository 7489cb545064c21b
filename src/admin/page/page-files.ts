/// <reference path="./admin-assets.d.mts" />
import { messageOf } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import { badRequest } from "../http/problem.ts";
import { COMMON_HEADERS, headersFrom } from "../http/security-headers.ts";

/** The files of the page. */
export interface PageFiles {
  /** The name of the script in `files`; empty if there is none. */
  readonly script: string;
  readonly style: string;
  /** The name of the file with the texts of a language, by its tag. English is in the script. */
  readonly languages: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, { readonly type: string; readonly text: string }>>;
}

const NO_FILES: PageFiles = { script: "", style: "", languages: {}, files: {} };

/** Without the files the page works with plain forms. Never rejects. */
export async function loadPageFiles(logger: Logger): Promise<PageFiles> {
  try {
    return (await import("#admin-assets")).PAGE_ASSETS;
  } catch (error) {
    logger.warn(`The admin's page has no script, because it could not be loaded: ${messageOf(error)}`);
    return NO_FILES;
  }
}

/** The names contain a hash of the content, so that browsers can cache them. Throws a refusal with 404. */
export function answerWithFile({ files }: PageFiles, name: string): Response {
  const file = Object.hasOwn(files, name) ? files[name] : undefined;
  if (file === undefined) throw badRequest(404, "There is no such file.");
  const headers = headersFrom(
    COMMON_HEADERS.filter(([header]) => header !== "Cache-Control"),
    [
      ["Content-Type", file.type],
      ["Cache-Control", "public, max-age=31536000, immutable"],
    ],
  );
  return new Response(file.text, { headers });
}
