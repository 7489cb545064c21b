import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findBinary } from "./find-binary.ts";
import { freePort } from "./free-port.ts";
import { makeServerFolder } from "./server-folder.ts";
import { type RunningServer, startServer } from "./start-server.ts";

export const NGINX: string | null = findBinary(["nginx"]);
export const INSTALL_NGINX = "apt-get install nginx-light";

export interface NginxServer extends RunningServer {
  readonly url: string;
}

/** Starts an nginx with one virtual server. `http` and `server` are the directives in the blocks of these names. */
export async function startNginx({
  http,
  server,
}: {
  readonly http: string;
  readonly server: string;
}): Promise<NginxServer> {
  const port = await freePort();
  const folder = await makeServerFolder("nginx");
  const url = `http://127.0.0.1:${port}`;
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${kind};`);
  await writeFile(
    join(folder, "nginx.conf"),
    `daemon off; master_process off; pid nginx.pid; error_log stderr;
    events {}
    http { access_log off; ${temporary.join(" ")} ${http} server { listen 127.0.0.1:${port}; ${server} } }`,
  );
  const running = await startServer({
    command: NGINX ?? "nginx",
    args: ["-p", folder, "-c", "nginx.conf", "-e", "stderr"],
    folder,
    ready: async () => void (await fetch(`${url}/`, { signal: AbortSignal.timeout(2_000) })),
  });
  return Object.create(running, { url: { value: url } });
}
