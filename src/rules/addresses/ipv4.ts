/** Parses the IPv4 address in `text` from `start` to the end. Returns 32 bits as an unsigned number, or -1. Allocates nothing. */
export function parseFourParts(text: string, start: number): number {
  let bits = 0;
  let part = -1;
  let dots = 0;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2e) {
      if (part === -1 || dots === 3) return -1;
      bits = (bits << 8) | part;
      part = -1;
      dots++;
    } else {
      // A second digit after 0: a leading zero, which some readers take for octal.
      if (code < 0x30 || code > 0x39 || part === 0) return -1;
      part = (part === -1 ? 0 : part * 10) + code - 0x30;
      if (part > 255) return -1;
    }
  }
  return dots === 3 && part !== -1 ? ((bits << 8) | part) >>> 0 : -1;
}
