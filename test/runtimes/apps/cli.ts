// Deno cannot run a file below node_modules directly.
import "../node_modules/maintenance-mode/dist/cli/bin.js";
