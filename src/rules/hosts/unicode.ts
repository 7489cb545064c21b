/** Returns the readable form of a host: `münchen.example` for `xn--mnchen-3ya.example`. Labels that cannot be decoded are kept. */
export function unicodeHost(host: string): string {
  return host.includes("xn--") ? host.split(".").map(unicodeLabel).join(".") : host;
}

function unicodeLabel(label: string): string {
  return label.startsWith("xn--") ? decodePunycode(label.slice(4)) || label : label;
}

// RFC 3492, section 5.
const [BASE, T_MIN, T_MAX, SKEW, DAMP, FIRST_BIAS, FIRST_CODE_POINT] = [36, 1, 26, 38, 700, 72, 128];
const MAX_CODE_POINT = 0x10ffff;

/** RFC 3492, section 6.2; `null` if `text` is not Punycode. */
function decodePunycode(text: string): string | null {
  const end = Math.max(0, text.lastIndexOf("-"));
  const decoded = [...text.slice(0, end)];
  const digits = [...text.slice(end === 0 ? 0 : end + 1)].map(digitOf);
  let [codePoint, bias, index, at] = [FIRST_CODE_POINT, FIRST_BIAS, 0, 0];
  while (at < digits.length) {
    const before = index;
    for (let weight = 1, step = BASE; ; step += BASE) {
      const digit = digits[at];
      at += 1;
      if (digit === undefined || digit === null || index > Number.MAX_SAFE_INTEGER / BASE) return null;
      index += digit * weight;
      const threshold = Math.min(T_MAX, Math.max(T_MIN, step - bias));
      if (digit < threshold) break;
      weight *= BASE - threshold;
    }
    bias = adaptBias(index - before, decoded.length + 1, before === 0);
    codePoint += Math.floor(index / (decoded.length + 1));
    index %= decoded.length + 1;
    if (codePoint > MAX_CODE_POINT) return null;
    decoded.splice(index, 0, String.fromCodePoint(codePoint));
    index += 1;
  }
  return decoded.join("");
}

/** RFC 3492, section 6.1. */
function adaptBias(moved: number, count: number, isFirst: boolean): number {
  let delta = Math.floor(moved / (isFirst ? DAMP : 2));
  delta += Math.floor(delta / count);
  let bias = 0;
  for (; delta > ((BASE - T_MIN) * T_MAX) >> 1; bias += BASE) delta = Math.floor(delta / (BASE - T_MIN));
  return bias + Math.floor(((BASE - T_MIN + 1) * delta) / (delta + SKEW));
}

function digitOf(character: string): number | null {
  const digit = "abcdefghijklmnopqrstuvwxyz0123456789".indexOf(character);
  return digit === -1 ? null : digit;
}
