/**
 * `value`, which a function of the application gave. Throws `TypeError` for a promise: nothing here can wait for it, to take it
 * for an answer would hide the mistake, and when it rejects that must not end the process.
 */
export function atOnce<Value>(value: Value): Value {
  if (!(value instanceof Promise)) return value;
  value.catch(() => {});
  throw new TypeError("it gave a promise, and has to answer at once");
}
