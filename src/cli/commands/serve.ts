import type { Command } from "commander";
import { addExamples } from "../output/examples.ts";
import type { ServeOptions } from "../serve-admin.ts";
import type { Perform } from "../session.ts";

export function defineServe(program: Command, perform: Perform): void {
  const command = program
    .command("serve")
    .description("Serves the admin, its page and its API, over the configured store, until it is stopped.")
    .option("--port <number>", "default: 9000; 0: any that is free")
    .option("--host <address>", "where it listens; default: 127.0.0.1, this machine alone")
    .option("--base-path <path>", "the path at which it is served; default: /")
    .option("--name <text>", "which installation this is, in the page's header and title; default: its host")
    .option("--tls-cert <file>", "the certificate with its chain (PEM), for https")
    .option("--tls-key <file>", "its private key (PEM)")
    .option(
      "--trust-proxy <who>",
      "a number of proxies, addresses or ranges with commas between, or a preset: nginx, …",
    )
    .option("--origin <origin>", "where operators open it, https://admin.example: behind a proxy that changes Host");
  command.action((options: ServeOptions) =>
    perform(command, async (session) => (await import("../serve-admin.ts")).serveAdmin(session, options)),
  );
  addExamples(command, [
    ["serve", "on http://127.0.0.1:9000/, for tokens, and for whoever knows MAINTENANCE_ADMIN_PASSWORD"],
    ["serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem", "for others too"],
    ["serve --base-path /maintenance --trust-proxy 1", "behind a proxy that ends the TLS"],
  ]);
}
