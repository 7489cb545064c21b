/** The kinds of tests that `npm test` leaves out because they take long, each with its folder and script. */
export const SLOW_KINDS = [
  { name: "model", folder: "test/model", title: "the model of the barrier", script: "test:model" },
  { name: "chaos", folder: "test/chaos", title: "the barrier while processes and stores fail", script: "test:chaos" },
  { name: "faults", folder: "test/faults", title: "faults of the stores", script: "test:faults" },
  { name: "scale", folder: "test/scale", title: "100,000 sites", script: "test:scale" },
  { name: "browsers", folder: "test/e2e", title: "pages in a browser", script: "test:browsers" },
  { name: "runtimes", folder: "test/runtimes", title: "Bun, Deno and workerd", script: "test:runtimes" },
  { name: "package", folder: "test/installed", title: "the package as installed", script: "test:package" },
] as const;
