/** Reads `data:` of server-sent events (HTML Standard, section 9.2) from pieces of a stream, whatever the cuts between them. */
export function createEventParser(onData: (data: string) => void): (piece: string) => void {
  let pending = "";
  let data: string[] = [];
  return (piece) => {
    const lines = (pending + piece).split(/\r\n|\r(?!$)|\n/);
    pending = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
      if (line !== "" || data.length === 0) continue;
      onData(data.join("\n"));
      data = [];
    }
  };
}
