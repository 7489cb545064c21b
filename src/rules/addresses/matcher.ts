import { MaintenanceError } from "../../errors.ts";
import { parseAddress, parseIPv4 } from "./address.ts";
import { compileIPv4Ranges, MAX_RULES } from "./ipv4-ranges.ts";
import { compileIPv6Ranges, type NumberedIPv6Range } from "./ipv6-ranges.ts";
import { parseAddressRange } from "./range.ts";

/** An address or CIDR range as written, with its source. */
export interface AddressRule {
  readonly range: string;
  readonly description: string;
  /** `configuration`, or the id of the site whose record contains it. */
  readonly source: string;
}

export interface AddressMatcher {
  /** Whether a rule contains this address; false for any other text. Allocates nothing for IPv4. */
  match(address: string): boolean;
  /** Returns the rule that contains the address: the widest; of equal ones, the first in the list. As fast as `match`. */
  explain(address: string): AddressRule | null;
}

/** Compiles address rules; returns `null` if there are none. Throws `ERR_INVALID_ADDRESS`. */
export function compileAddressMatcher(rules: readonly AddressRule[]): AddressMatcher | null {
  if (rules.length === 0) return null;
  if (rules.length > MAX_RULES) {
    throw new MaintenanceError(
      "ERR_INVALID_ADDRESS",
      `There are ${rules.length} address ranges; the maximum is ${MAX_RULES}.`,
      {
        hint: "Write fewer and wider ranges.",
      },
    );
  }
  const ipv4 = { starts: [] as number[], prefixes: [] as number[], rules: [] as number[] };
  const ipv6: NumberedIPv6Range[] = [];
  for (const [rule, { range: text }] of rules.entries()) {
    const range = parseAddressRange(text);
    if (range.family === 6) {
      ipv6.push({ range, rule });
    } else {
      ipv4.starts.push(range.start);
      ipv4.prefixes.push(range.prefix);
      ipv4.rules.push(rule);
    }
  }
  const findIPv4 = compileIPv4Ranges(ipv4);
  const findIPv6 = compileIPv6Ranges(ipv6);

  function find(text: string): number {
    const bits = parseIPv4(text);
    if (bits !== -1) return findIPv4(bits);
    const address = parseAddress(text);
    if (address === null) return -1;
    return typeof address === "number" ? findIPv4(address) : findIPv6(address);
  }

  return {
    match: (address) => find(address) !== -1,
    explain(address) {
      const rule = find(address);
      // Reading below the first element is far slower than this check.
      return rule === -1 ? null : (rules[rule] ?? null);
    },
  };
}
