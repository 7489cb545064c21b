import { defineConfig } from "maintenance-mode";
import { postgresStore } from "maintenance-mode/stores/postgres";
import quickstart from "../quickstart/maintenance.config.ts";

/** The quickstart's sites, with their state in a database that all servers share. */
export default defineConfig({
  ...quickstart,
  store: postgresStore({ url: process.env.DATABASE_URL ?? "postgres://localhost/maintenance" }),
});
