/** The page's files, which the build makes of `admin-ui/`. */
declare module "#admin-assets" {
  export const PAGE_ASSETS: {
    /** Names among `files`. */
    readonly script: string;
    readonly style: string;
    /** By name: `assets/index-<hash>.js`. */
    readonly files: Readonly<Record<string, { readonly type: string; readonly text: string }>>;
  };
}
