import type { Counted } from "@deploy/remote";
import { expect, test } from "@jest/globals";
import { compareCounts } from "../src/proof/compare.ts";

const look = (rows: Readonly<Record<string, number>>, schema = "one"): Counted => ({
  tables: Object.entries(rows).map(([name, each]) => ({ name, rows: each })),
  schema,
});

test.each([
  ["the same", look({ a: 5, b: 0 }), look({ a: 5, b: 0 }), look({ a: 5, b: 0 }), []],
  ["nothing at all", look({}), look({}), look({}), []],
  [
    "one row less where nobody wrote",
    look({ a: 5 }),
    look({ a: 5 }),
    look({ a: 4 }),
    ["a has 4 rows instead of 5"],
  ],
  ["more rows than now", look({ a: 5 }), look({ a: 5 }), look({ a: 6 }), []],
  ["between before and after", look({ a: 5 }), look({ a: 50 }), look({ a: 7 }), []],
  ["a little less where people write", look({ a: 5000 }), look({ a: 5001 }), look({ a: 4950 }), []],
  [
    "too much less",
    look({ a: 5000 }),
    look({ a: 5001 }),
    look({ a: 4949 }),
    ["a has 4949 rows instead of 5000 to 5001"],
  ],
  [
    "an empty copy",
    look({ a: 500 }),
    look({ a: 501 }),
    look({ a: 0 }),
    ["a has 0 rows instead of 500 to 501"],
  ],
  ["a table is missing", look({ a: 0, b: 1 }), look({ a: 0, b: 1 }), look({ b: 1 }), ["a is missing"]],
  ["a table made meanwhile", look({ a: 1 }), look({ a: 1, b: 2 }, "two"), look({ a: 1 }), []],
  ["a table dropped meanwhile", look({ a: 1, b: 2 }), look({ a: 1 }, "two"), look({ a: 1 }, "two"), []],
  [
    "a schema of neither",
    look({ a: 1 }),
    look({ a: 1 }, "two"),
    look({ a: 1 }, "three"),
    ["the schema is another one"],
  ],
])("%s", (_, before, after, restored, lacks) => {
  expect(compareCounts({ before, after, restored })).toEqual(lacks);
});
