/** The page's files, which the build makes of `admin-ui/`. */
declare module "#admin-assets" {
  export const PAGE_ASSETS: {
    /** Names among `files`. */
    readonly script: string;
    readonly style: string;
    /** Names among `files`, by the tag of the language. */
    readonly languages: Readonly<Record<string, string>>;
    /** By name: `assets/index-<hash>.js`. */
    readonly files: Readonly<Record<string, { readonly type: string; readonly text: string }>>;
  };
}
