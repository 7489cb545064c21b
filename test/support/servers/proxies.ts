import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { findBinary } from "./find-binary.ts";
import { freePort } from "./free-port.ts";
import { NGINX, startNginx } from "./nginx.ts";
import { makeServerFolder } from "./server-folder.ts";
import { type RunningServer, startServer } from "./start-server.ts";

export interface ReverseProxy extends RunningServer {
  /** Such as `http://127.0.0.1:20001`. */
  readonly url: string;
}

/** A reverse proxy in one configuration. */
export interface ProxyKind {
  readonly name: string;
  readonly package: string;
  readonly binary: string | null;
  /** Whether the last element of `X-Forwarded-For` is the client's address, whatever the client sends. */
  readonly namesClient: boolean;
  /** Starts a proxy that forwards every request to 127.0.0.1. */
  start(upstreamPort: number): Promise<ReverseProxy>;
}

const HAPROXY = findBinary(["haproxy"]);
const CADDY = findBinary(["caddy"]);

const nginx = (name: string, location: string, namesClient: boolean): ProxyKind => ({
  name: `nginx ${name}`,
  package: "nginx-light",
  binary: NGINX,
  namesClient,
  start: (upstreamPort) =>
    startNginx({
      http: "",
      server: `location / { ${location.replaceAll("UPSTREAM", `127.0.0.1:${upstreamPort}`)} }`,
    }),
});

const haproxy = (name: string, rules: string, namesClient: boolean): ProxyKind => ({
  name: `HAProxy ${name}`,
  package: "haproxy",
  binary: HAPROXY,
  namesClient,
  start: (upstreamPort) =>
    startProxy("haproxy", HAPROXY, ["-db", "-f"], (port) => {
      return `global
  maxconn 100
  expose-experimental-directives
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend front
  bind 127.0.0.1:${port}
  ${rules}
  default_backend app
backend app
  server app 127.0.0.1:${upstreamPort}
`;
    }),
});

const caddy = (name: string, options: string): ProxyKind => ({
  name: `Caddy ${name}`,
  package: "caddy",
  binary: CADDY,
  namesClient: true,
  start: (upstreamPort) =>
    startProxy("caddy", CADDY, ["run", "--adapter", "caddyfile", "--config"], (port) => {
      return `{
  admin off
  auto_https off
}
http://:${port} {
  reverse_proxy 127.0.0.1:${upstreamPort} {
    ${options}
  }
}
`;
    }),
});

/** The most common proxies, each with its default and with usual configurations. */
export const PROXIES: readonly ProxyKind[] = [
  nginx("by default", "proxy_pass http://UPSTREAM;", false),
  nginx(
    "with $host and $proxy_add_x_forwarded_for",
    `proxy_pass http://UPSTREAM; proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
     proxy_set_header X-Forwarded-Host $host;`,
    true,
  ),
  nginx(
    "with $http_host and a path that it resolves",
    `proxy_pass http://UPSTREAM/; proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`,
    true,
  ),
  haproxy("by default", "", false),
  haproxy(
    "with forwardfor and the host",
    "option forwardfor\n  http-request set-header X-Forwarded-Host %[req.hdr(Host)]",
    true,
  ),
  haproxy(
    "with normalisation",
    "option forwardfor\n  http-request normalize-uri path-merge-slashes\n  http-request normalize-uri path-strip-dotdot full",
    true,
  ),
  caddy("by default", ""),
  caddy("with another Host for the application", "header_up Host app.internal"),
];

async function startProxy(
  name: string,
  binary: string | null,
  args: readonly string[],
  config: (port: number) => string,
): Promise<ReverseProxy> {
  const port = await freePort();
  const folder = await makeServerFolder(name);
  const file = join(folder, "proxy.conf");
  await writeFile(file, config(port));
  const server = await startServer({
    command: binary ?? name,
    args: [...args, file],
    folder,
    // Without these variables, the proxy stores files in the user's home folder.
    env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    ready: () => accepts(port),
  });
  return Object.create(server, { url: { value: `http://127.0.0.1:${port}` } });
}

function accepts(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.destroy();
      resolve();
    });
  });
}
