import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";

const core = join(import.meta.dirname, "../..");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "core-"));
  for (const name of ["src", "package.json"])
    cpSync(join(core, name), join(folder, name), { recursive: true });
  symlinkSync(join(core, "node_modules"), join(folder, "node_modules"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** What is generated, and what a key of this name becomes. */
const program = `
import { configFromInputs, configJsonSchema, inputsOf, parseConfig, planSections } from "./src/index.ts";
const file = (part) => "app: a\\ndeploy-to: /srv/a\\n" + part + "environments: { production: { hosts: [u@h] } }\\n";
const parse = (part) => parseConfig(file(part), { file: "f" }).keepDrafts;
const said = { deployTo: "/srv/a", hosts: "u@h", keepDrafts: "4" };
console.log(JSON.stringify({
  values: [parse(""), parse("keep-drafts: 3\\n"), configFromInputs(said).keepDrafts],
  input: inputsOf(planSections)["keep-drafts"].description,
  schema: configJsonSchema().properties["keep-drafts"],
}));
`;

test("a key is one edit in one file: the value, its default, its input and its documentation", () => {
  const file = join(folder, "src/config/release/retention.ts");
  const section = readFileSync(file, "utf8")
    .replace(
      "  keys: {\n",
      '$&    "keep-drafts": whole(0, 9).prefault(2).describe("How many drafts stay."),\n',
    )
    .replace(
      "  inputs: {\n",
      '$&    "keep-drafts": input("number", "keep-drafts", "How many drafts each host keeps."),\n',
    );
  writeFileSync(file, section);
  writeFileSync(join(folder, "program.ts"), program);
  const ran = execFileSync(process.execPath, ["program.ts"], { cwd: folder, encoding: "utf8" });
  expect(JSON.parse(ran)).toEqual({
    values: [2, 3, 4],
    input: "How many drafts each host keeps.",
    schema: { description: "How many drafts stay.", default: 2, type: "integer", minimum: 0, maximum: 9 },
  });
});
