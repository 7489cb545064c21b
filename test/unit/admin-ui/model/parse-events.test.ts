import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventParser } from "../../../../admin-ui/src/model/parse-events.ts";

const STREAM =
  ': hello\n\nevent: change\nid: 7\ndata: {"a":1}\n\n: on\r\n\r\ndata: two\r\ndata:lines\r\n\r\ndata: cut off';

test("every event is read, wherever the stream is split", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(STREAM.length), { maxLength: 8 }), (cuts) => {
      const found: string[] = [];
      const parse = createEventParser((data) => found.push(data));
      const places = [0, ...cuts.sort((a, b) => a - b), STREAM.length];
      for (const [at, start] of places.entries()) parse(STREAM.slice(start, places[at + 1] ?? start));
      expect(found).toEqual(['{"a":1}', "two\nlines"]);
    }),
  );
});
