/** Names the life that counts. Only a shortcut: whoever has an older one finds the way at the end of its log. */
export const CURRENT = "current";
/** Of a bucket into which no state was ever imported. */
export const FIRST_LIFE = "0";

export interface NatsKeys {
  /** What the log was at when the sites were last brought up to it. */
  readonly head: string;
  readonly allSites: string;
  readonly allChanges: string;
  site(id: string): string;
  change(version: number): string;
}

/** The keys of one life: an import writes beside the state that counts, and takes its place at the end. */
export function keysOf(life: string): NatsKeys {
  return {
    head: `${life}.head`,
    allSites: `${life}.site.*`,
    allChanges: `${life}.change.*`,
    site: (id) => `${life}.site.${encodeId(id)}`,
    change: (version) => `${life}.change.${version}`,
  };
}

/** Keys know letters, digits, `-`, `_`, `=` and `/`, and the dot divides them. What else there is stands as `=XX`, in UTF-8. */
function encodeId(id: string): string {
  return encodeURIComponent(id)
    .replace(/[.!~*'()]/g, toHex)
    .replaceAll("%", "=");
}

function toHex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
