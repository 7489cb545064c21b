/** Patterns of whole segments, matched in one pass over a path. */
export interface SegmentTrie<T> {
  /** `null` is a parameter: one segment that is not empty. `below`: also matches every path below. The first of equal patterns counts. */
  add(segments: readonly (string | null)[], below: boolean, value: T): void;
  /** Returns the most specific match, segment by segment: literal, then parameter, then `below`. */
  find(path: string): T | null;
}

interface Node<T> {
  /** `null` for leaves: most nodes are leaves, and an empty map is larger than the rest of a node. */
  children: Map<string, Node<T>> | null;
  /** One bit for each `signOf` of the children: most paths that do not match are rejected without cutting out segments. */
  signs: number;
  parameter: Node<T> | null;
  /** Value for a path that ends here. */
  exact: T | null;
  /** Value for a path that ends or continues here. */
  below: T | null;
}

export function createSegmentTrie<T>(): SegmentTrie<T> {
  const root = createNode<T>();
  return {
    add(segments, below, value) {
      let node = root;
      for (const segment of segments) node = childOf(node, segment);
      if (below) node.below ??= value;
      else node.exact ??= value;
    },
    find: (path) => findFrom(root, path, 1),
  };
}

function createNode<T>(): Node<T> {
  return { children: null, signs: 0, parameter: null, exact: null, below: null };
}

function childOf<T>(node: Node<T>, segment: string | null): Node<T> {
  if (segment === null) {
    node.parameter ??= createNode();
    return node.parameter;
  }
  node.children ??= new Map();
  const known = node.children.get(segment);
  if (known !== undefined) return known;
  const child = createNode<T>();
  node.children.set(segment, child);
  node.signs |= signOf(segment, 0, segment.length);
  return child;
}

/** Returns one of 32 bits, by the length of a segment and its first character. */
function signOf(path: string, start: number, end: number): number {
  return 1 << ((path.charCodeAt(start) ^ (end - start)) & 31);
}

/**
 * `start` is the index of the next segment; beyond the end of the path there is none. Each node is visited at most once, so that the cost
 * of a path is bounded by the number of patterns, also if they overlap.
 */
function findFrom<T>(node: Node<T>, path: string, start: number): T | null {
  if (start > path.length) return node.exact ?? node.below;
  if (node.children !== null || node.parameter !== null) {
    const slash = path.indexOf("/", start);
    const end = slash === -1 ? path.length : slash;
    const child =
      (node.signs & signOf(path, start, end)) === 0 ? undefined : node.children?.get(path.slice(start, end));
    const found = child === undefined ? null : findFrom(child, path, end + 1);
    if (found !== null) return found;
    if (node.parameter !== null && end > start) {
      const below = findFrom(node.parameter, path, end + 1);
      if (below !== null) return below;
    }
  }
  return node.below;
}
