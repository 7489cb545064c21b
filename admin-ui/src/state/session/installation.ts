/** Which installation this is, as the server calls it. */
export const INSTALLATION: string = metaContent("application-name") ?? location.host;

/** Data that the server has written into the head of the page. */
export function metaContent(name: string): string | null {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? null;
}
