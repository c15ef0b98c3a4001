import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { tellMissing } from "../src/needs.ts";
import { listMissingParts, type Part, pathOfPart } from "../src/parts.ts";
import { testFolder } from "./folder.ts";

const folder = testFolder();

test("a missing part is an error in CI and a notice elsewhere", () => {
  const notices = join(folder, "notices");
  expect(() => tellMissing(["act", "php"], { CI: "true", DEPLOY_NOTICES: notices })).toThrow("act, php");
  tellMissing(["act", "php"], { DEPLOY_NOTICES: notices });
  tellMissing(["rsync"], { DEPLOY_NOTICES: notices });
  tellMissing(["rsync"], {});
  expect(readFileSync(notices, "utf8")).toBe(
    "skipped, not installed: act, php\nskipped, not installed: rsync\n",
  );
});

test("parts are found by name, unknown ones are missing", () => {
  expect(listMissingParts(["no such part" as Part])).toEqual(["no such part"]);
  expect(pathOfPart("env" as Part)).toMatch(/^\/.*\/env$/);
});
