/** The first release that loads a TypeScript configuration without a flag. */
const OLDEST_NODE = { major: 22, minor: 18 } as const;

/** Returns the message for a Node.js that is too old for this package; `null` for a newer one and for other runtimes. */
export function nodeTooOld(global: object = globalThis): string | null {
  const runtime = global as {
    readonly process?: {
      readonly versions?: { readonly node?: string; readonly bun?: string; readonly deno?: string };
    };
    readonly navigator?: { readonly userAgent?: string };
  };
  const { node, bun, deno } = runtime.process?.versions ?? {};
  const agent = runtime.navigator?.userAgent;
  // Other runtimes report a Node.js release that they are compatible with. Node.js 20 has no navigator.
  if (node === undefined || bun !== undefined || deno !== undefined) return null;
  if (agent !== undefined && !agent.startsWith("Node.js")) return null;
  const [major = 0, minor = 0] = node.split(".").map(Number);
  if (major > OLDEST_NODE.major || (major === OLDEST_NODE.major && minor >= OLDEST_NODE.minor)) return null;
  return `maintenance-mode needs Node.js ${OLDEST_NODE.major}.${OLDEST_NODE.minor} or newer; this is ${node}.`;
}
