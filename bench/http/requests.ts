import { hostOfSite } from "../fixtures/state.ts";

/** The kinds of requests that are measured, with the headers that these clients send. */
export type RequestKind = "json" | "html";

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

/** Returns the bytes of GET requests, as curl or a browser sends them: one for each of `sites` sites. */
export function requestsOf(kind: RequestKind, sites = 1): readonly Buffer[] {
  return Array.from({ length: sites }, (_, site) => {
    const headers = Object.entries({ Host: hostOfSite(site), ...(kind === "json" ? CURL : BROWSER) });
    const lines = ["GET / HTTP/1.1", ...headers.map(([name, value]) => `${name}: ${value}`)];
    return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
  });
}
