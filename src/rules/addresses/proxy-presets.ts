/** How a platform reports the client's address. */
export interface ProxyPreset {
  /** Its proxies: a number of hops, or the ranges from which they connect. */
  readonly proxies: number | readonly string[];
  /** A header that the platform sets and removes from client requests. @default "X-Forwarded-For" */
  readonly header?: string;
}

export const LOOPBACK: readonly string[] = ["127.0.0.0/8", "::1"];
/** RFC 1918, RFC 6598, RFC 4193 and link-local: the addresses of load balancers in a private network. */
export const PRIVATE: readonly string[] = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "fc00::/7",
  "fe80::/10",
];

/** The ranges that Cloudflare publishes. */
const CLOUDFLARE = [
  "103.21.244.0/22",
  "103.22.200.0/22",
  "103.31.4.0/22",
  "104.16.0.0/13",
  "104.24.0.0/14",
  "108.162.192.0/18",
  "131.0.72.0/22",
  "141.101.64.0/18",
  "162.158.0.0/15",
  "172.64.0.0/13",
  "173.245.48.0/20",
  "188.114.96.0/20",
  "190.93.240.0/20",
  "197.234.240.0/22",
  "198.41.128.0/17",
  "2400:cb00::/32",
  "2405:8100::/32",
  "2405:b500::/32",
  "2606:4700::/32",
  "2803:f800::/32",
  "2a06:98c0::/29",
  "2c0f:f248::/32",
];

/** Presets by their names in the option `trustProxy`. */
export const PROXY_PRESETS: Readonly<Record<string, ProxyPreset>> = {
  "aws-alb": { proxies: PRIVATE },
  cloudflare: { proxies: CLOUDFLARE },
  // The proxy writes the client into its own header. The value it appends to X-Forwarded-For is its own address.
  fly: { proxies: PRIVATE, header: "fly-client-ip" },
  heroku: { proxies: 1 },
  nginx: { proxies: [...LOOPBACK, ...PRIVATE] },
  vercel: { proxies: 1 },
};
