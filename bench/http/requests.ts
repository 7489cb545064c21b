/** The kinds of requests that are measured, with the headers that these clients send. */
export const REQUEST_KINDS = ["json", "html"] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

type Headers = Readonly<Record<string, string>>;

const CURL: Headers = { "User-Agent": "curl/8.14.1", Accept: "application/json" };

const BROWSER: Headers = {
  Connection: "keep-alive",
  "sec-ch-ua": '"Chromium";v="142", "Not_A Brand";v="99"',
  "sec-ch-ua-mobile": "?0",
  "sec-ch-ua-platform": '"Linux"',
  "Upgrade-Insecure-Requests": "1",
  "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
  "Sec-Fetch-Site": "none",
  "Sec-Fetch-Mode": "navigate",
  "Sec-Fetch-User": "?1",
  "Sec-Fetch-Dest": "document",
  "Accept-Encoding": "gzip, deflate, br, zstd",
  "Accept-Language": "en-GB,en;q=0.9,de;q=0.8",
};

/** Returns the bytes of a GET request for `path`, as curl or a browser sends it. */
export function requestBytes(kind: RequestKind, host: string, path: string): Buffer {
  const lines = Object.entries({ Host: host, ...(kind === "json" ? CURL : BROWSER) });
  return Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
}
