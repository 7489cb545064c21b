import { get, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { REQUEST_HEADERS } from "./variants.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export async function fetchAnswer(url: string): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    get(url, { headers: REQUEST_HEADERS, agent: false }, (response) => {
      text(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        reject,
      );
    }).on("error", reject);
  });
}

/** Throws unless both answers are the same, except for `Date` and what Express adds: otherwise they could not be compared. */
export function requireSameAnswer(variant: string, answer: Answer, expected: Answer): void {
  const kept = ({ status, headers, body }: Answer): string => {
    const { date: _date, "x-powered-by": _powered, ...others } = headers;
    return JSON.stringify([status, Object.entries(others).sort(), body]);
  };
  if (kept(answer) !== kept(expected)) {
    throw new Error(`'${variant}' answers otherwise than bare node:http:\n${kept(answer)}\n${kept(expected)}`);
  }
}
