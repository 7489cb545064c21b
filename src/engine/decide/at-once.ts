/**
 * Returns `value`, the result of a function of the application. Throws `TypeError` for a promise: the caller cannot wait for it, and
 * taking it for an answer would hide the mistake. A rejection of the promise is ignored, so that it does not end the process.
 */
export function atOnce<Value>(value: Value): Value {
  if (!(value instanceof Promise)) return value;
  value.catch(() => {});
  throw new TypeError("it returned a promise, and has to return its result synchronously");
}
