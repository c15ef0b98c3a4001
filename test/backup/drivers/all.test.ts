import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { databaseKinds } from "@deploy/remote";
import { expect, test } from "@jest/globals";

test("every kind of database that the config knows has its driver under the contract", () => {
  const here = import.meta.dirname;
  const texts = readdirSync(here).map((name) => readFileSync(join(here, name), "utf8"));
  const kinds = texts.flatMap((text) =>
    [...text.matchAll(/^driverContract\("(\w+)"/gm)].map(([, kind]) => kind),
  );
  expect(kinds.sort()).toEqual([...databaseKinds].sort());
});
