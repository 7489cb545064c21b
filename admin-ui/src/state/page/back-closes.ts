/** Layers above the page, the topmost last; each has an entry in the browser's history, so that Back closes it and stays on the page. */
const open: { readonly close: (() => void) | null }[] = [];
let ignored = 0;

/** `close`: `null` where it cannot be closed before its question is answered. Returns what takes it away again. */
export function openAbove(close: (() => void) | null): () => void {
  const above = { close };
  open.push(above);
  history.pushState({ above: open.length }, "");
  return () => {
    const at = open.indexOf(above);
    // Back has closed it, and its entry is gone with it.
    if (at === -1) return;
    open.splice(at, 1);
    if (!(history.state instanceof Object && "above" in history.state)) return;
    ignored += 1;
    history.back();
  };
}

export function followBack(): void {
  addEventListener("popstate", () => {
    if (ignored > 0) {
      ignored -= 1;
      return;
    }
    const top = open.at(-1);
    if (top === undefined) return;
    if (top.close === null) {
      history.pushState({ above: open.length }, "");
      return;
    }
    open.pop();
    top.close();
  });
}
