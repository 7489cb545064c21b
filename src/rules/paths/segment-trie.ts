/** Patterns of whole segments, found by walking a path once. */
export interface SegmentTrie<T> {
  /** `null` is a parameter: any one segment that is not empty. `below`: whatever is below matches too. The first added stays. */
  add(segments: readonly (string | null)[], below: boolean, value: T): void;
  /** The most specific, segment by segment: written out before a parameter before what is below. */
  find(path: string): T | null;
}

interface Node<T> {
  /** Most nodes are leaves, and an empty map is larger than all the rest of a node. */
  children: Map<string, Node<T>> | null;
  /** One bit for each `signOf` among the children: most paths need not be cut into segments to see that they are not there. */
  signs: number;
  parameter: Node<T> | null;
  /** What matches a path that ends here. */
  exact: T | null;
  /** What matches a path that ends here or goes on. */
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

/** One of 32 bits, by the length of a segment and its first character. */
function signOf(path: string, start: number, end: number): number {
  return 1 << ((path.charCodeAt(start) ^ (end - start)) & 31);
}

/**
 * `start` is where the next segment starts; beyond the path's end there is none. Each node is visited at most once, so that no path
 * costs more than the patterns do, however they overlap.
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
