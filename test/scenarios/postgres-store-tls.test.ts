import { execFile } from "node:child_process";
import { chown, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { postgresStore } from "../../src/stores/postgres.ts";
import { requireService } from "../support/require-service.ts";
import { findBinary } from "../support/servers/find-binary.ts";
import { POSTGRES_BINARY, type PostgresServer, startPostgres } from "../support/servers/postgres.ts";
import { ownerNamed } from "../support/servers/server-folder.ts";

const openssl = findBinary(["openssl"]);
const suite = requireService(
  "PostgreSQL or openssl",
  "apt-get install postgresql openssl",
  POSTGRES_BINARY !== null && openssl !== null,
);

suite("PostgreSQL over TLS", () => {
  let server: PostgresServer;
  let ca: string;

  beforeAll(async () => {
    server = await startPostgres();
    const [key, certificate] = [join(server.folder, "key.pem"), join(server.folder, "certificate.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
    const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", certificate];
    await promisify(execFile)(openssl ?? "openssl", [...args, ...subject]);
    const owner = await ownerNamed("postgres");
    if (owner !== null) await Promise.all([key, certificate].map((file) => chown(file, owner.uid, owner.gid)));
    for (const [name, value] of Object.entries({ ssl_key_file: key, ssl_cert_file: certificate, ssl: "on" })) {
      await server.execute(`alter system set ${name} = '${value}'`);
    }
    await server.kill("SIGQUIT");
    await server.start();
    ca = await readFile(certificate, "utf8");
  });
  afterAll(() => server?.stop());

  test("the authority that the user passes is used", async () => {
    const store = postgresStore({ url: server.url(), connection: { ssl: { ca } }, autoMigrate: true });
    await store.load();
    const sessions =
      "select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'maintenance-mode'";
    expect(await server.execute(sessions)).toEqual([{ ssl: true }]);
    await store.close();
  });

  test("an unknown authority is refused, with what to pass", async () => {
    const store = postgresStore({ url: `${server.url()}?sslmode=verify-full` });
    await expect(store.load()).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      hint: expect.stringContaining("ssl: { ca }"),
    });
    await store.close();
  });
});
