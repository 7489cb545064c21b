import * as v from "valibot";

/** A whole number in a query, where everything is text; as its own kind in the description of the API. */
export function queryNumber(least: number, most: number): v.GenericSchema<string, number> {
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,15}$/, "expected a whole number"),
    v.transform(Number),
    v.minValue(least),
    v.maxValue(most),
    v.metadata({ schema: { type: "integer", minimum: least, maximum: most } }),
  );
}
