/** Whether the user has begun to use what is in `root`: with the keyboard, a pointer, a field, or by scrolling. */
export function isTouched(root: Element): () => boolean {
  let touched =
    root.contains(document.activeElement) || scrollY > 0 || [...root.querySelectorAll("input")].some(isChanged);
  const touch = (): void => {
    touched = true;
  };
  for (const type of ["pointerdown", "keydown", "focusin", "input"]) root.addEventListener(type, touch, { once: true });
  return () => touched || scrollY > 0;
}

function isChanged({ type, value, defaultValue, checked, defaultChecked }: HTMLInputElement): boolean {
  return type === "checkbox" ? checked !== defaultChecked : type !== "hidden" && value !== defaultValue;
}
