import { defineConfig } from "vite";

// One script, one style and a script with the texts of each further language, by relative address: a proxy may strip the path under which the
// admin is mounted.
export default defineConfig({
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2023",
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: 0,
  },
});
