import { connect } from "node:net";

/** A complete answer, as it came from the socket. */
export interface Answer {
  readonly status: number;
  /** Names and values in turn, without those that node:http adds to every answer. */
  readonly headers: readonly string[];
  readonly body: string;
}

const END_OF_HEAD = Buffer.from("\r\n\r\n");
const LENGTH = Buffer.from("\r\ncontent-length: ");
const LENGTH_CAPITAL = Buffer.from("\r\nContent-Length: ");
const ADDED_BY_NODE = /^(date|connection|keep-alive)$/i;

/** Returns the length of the answer that `buffer` begins with. Throws if its first `bytes` do not include its whole head. */
export function answerLength(buffer: Buffer, bytes: number): number {
  const head = buffer.indexOf(END_OF_HEAD);
  const capital = buffer.indexOf(LENGTH_CAPITAL);
  const named = capital >= 0 && capital < head ? capital : buffer.indexOf(LENGTH);
  if (head < 0 || head >= bytes || named < 0 || named > head) throw new Error("An answer without a length.");
  let length = 0;
  for (let at = named + LENGTH.length; ; at += 1) {
    const digit = (buffer[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) break;
    length = length * 10 + digit;
  }
  return head + END_OF_HEAD.length + length;
}

/** Sends `request` on a new connection and returns the answer. */
export async function fetchAnswer(port: number, request: Buffer | undefined): Promise<Answer> {
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(request ?? ""));
    socket.on("error", reject).on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      const all = Buffer.concat(chunks);
      if (!all.includes(END_OF_HEAD) || all.length < answerLength(all, all.length)) return;
      socket.destroy();
      resolve(all);
    });
  });
  const text = bytes.toString("utf8");
  const split = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = text.slice(0, split).split("\r\n");
  const headers = lines.flatMap((line) => {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    return ADDED_BY_NODE.test(name) ? [] : [name, line.slice(colon + 2)];
  });
  return { status: Number(statusLine.split(" ")[1]), headers, body: text.slice(split + 4) };
}

export function isSame(one: Answer | undefined, other: Answer | undefined): boolean {
  return comparable(one) === comparable(other);
}

/** Throws unless both are the same: otherwise their rates could not be compared. */
export function requireSameAnswer(name: string, answer: Answer | undefined, expected: Answer): void {
  if (isSame(answer, expected)) return;
  const both = `${comparable(answer)}\n${comparable(expected)}`;
  throw new Error(`'${name}' does not answer the same as what it is compared with:\n${both}`);
}

/** Without the charset, which Express adds to every text, and what may differ by a digit: the version, and the seconds of `Retry-After`. */
function comparable(answer: Answer | undefined): string {
  const { status, headers = [], body = "" } = answer ?? {};
  const lines = headers.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${headers[index + 1]}`.toLowerCase().replace("; charset=utf-8", "")] : [],
  );
  return JSON.stringify([status, lines.sort(), body]).replaceAll(/((?:retry-?after|version)\W+)\d+/gi, "$1");
}
