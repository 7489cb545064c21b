// So that `npx maintenance-mode …` from here acts on the running quickstart.
export { default } from "./examples/quickstart/maintenance.config.ts";
