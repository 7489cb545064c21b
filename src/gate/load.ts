import type { NormalOptions } from "../config/normal-options.ts";
import { plainPage } from "../engine/answer/plain-page.ts";
import { placeholderTemplate, type TemplateFunction } from "../engine/answer/template.ts";
import type { Page } from "../engine/page/context.ts";
import { compilePolicy } from "../engine/snapshot/policy.ts";
import type { CompileOptions } from "../engine/snapshot/snapshot.ts";
import { isMaintenanceError, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Store } from "../stores/store.ts";

/**
 * Loaded when the gate starts, not when a site closes: by then a deploy may have replaced the very files. A page that cannot be
 * loaded must not keep a site from closing.
 */
export async function loadPage(logger: Logger): Promise<Page> {
  try {
    return (await import("../engine/page/built-in-page.ts")).builtInPage;
  } catch (error) {
    logger.error(`The built-in page could not be loaded, so a plain one is sent: ${messageOf(error)}`);
    return plainPage;
  }
}

/** Read once, when the gate starts, for the same reason. A view is not read here: the adapter of the framework renders it. */
export async function loadTemplate({ template, logger }: NormalOptions): Promise<TemplateFunction | null> {
  if (typeof template === "function") return template;
  if (!template || "view" in template) return null;
  try {
    return placeholderTemplate(await (await import("#platform")).readTemplate(template.file));
  } catch (error) {
    const hint = isMaintenanceError(error) ? `. ${error.hint}` : "";
    logger.error(
      `The template '${template.file}' cannot be used, and the built-in page is shown instead: ${messageOf(error)}${hint}`,
    );
    return null;
  }
}

export async function openDefaultStore(logger: Logger): Promise<Store | null> {
  try {
    return await (await import("#platform")).createDefaultStore();
  } catch (error) {
    logger.error(`The default store could not be opened: ${messageOf(error)}`);
    return null;
  }
}

export function compileOptions(
  normal: NormalOptions,
  page: Page,
  lookAtEach: boolean,
  template: TemplateFunction | null = null,
): CompileOptions {
  return { policy: compilePolicy(normal, page, template), configured: normal.sites, groups: normal.groups, lookAtEach };
}

/** False on Cloudflare's Workers, which run no timer outside a request: there, requests refresh the gate. */
export function timersRun(): boolean {
  return globalThis.navigator?.userAgent !== "Cloudflare-Workers";
}
