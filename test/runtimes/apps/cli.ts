// Deno runs no file below node_modules by its path.
import "../node_modules/maintenance-mode/dist/cli/bin.js";
