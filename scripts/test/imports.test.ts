import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { importRules } from "../imports/rules.ts";

describe("importRules", () => {
  let folder: string;
  const home = process.cwd();
  const files = {
    "packages/core/src/index.ts": "export const core = 1;\n",
    "packages/core/src/pure.ts":
      'import { createHash } from "node:crypto";\nexport const hash = createHash;\n',
    "packages/core/src/impure.ts":
      'import { readFileSync } from "node:fs";\nexport const read = readFileSync;\n',
    "packages/core/src/up.ts": 'import { x } from "../../engine/src/index.ts";\nexport const y = x;\n',
    "packages/core/test/x.ts": "export const fixture = 1;\n",
    "packages/core/src/tested.ts": 'import { fixture } from "../test/x.ts";\nexport const y = fixture;\n',
    "packages/engine/src/index.ts":
      'import { core } from "../../core/src/index.ts";\nexport const x = core;\n',
    "packages/engine/src/deep.ts": 'import { hash } from "../../core/src/pure.ts";\nexport const y = hash;\n',
    "packages/transport/src/index.ts": "export const open = 1;\nexport type Open = number;\n",
    "packages/engine/src/port.ts":
      'import type { Open } from "../../transport/src/index.ts";\nexport type Y = Open;\n',
    "packages/engine/src/socket.ts":
      'import { open } from "../../transport/src/index.ts";\nexport const y = open;\n',
    "packages/engine/src/one.ts": 'import { two } from "./two.ts";\nexport const one = two;\n',
    "packages/engine/src/two.ts": 'import { one } from "./one.ts";\nexport const two = () => one;\n',
    "packages/engine/src/action.ts":
      'import { a } from "../../../actions/plan/src/main.ts";\nexport const y = a;\n',
    "actions/plan/src/main.ts":
      'import { x } from "../../../packages/engine/src/index.ts";\nexport const a = x;\n',
    "actions/upload/src/main.ts": 'import { a } from "../../plan/src/main.ts";\nexport const b = a;\n',
    "actions/upload/src/lost.ts": 'import { a } from "nowhere";\nexport const b = a;\n',
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "deploy-imports-"));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    process.chdir(folder);
  });
  afterAll(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });

  test("finds each way to break the table, and nothing else", async () => {
    const { output } = await cruise(["packages", "actions"], {
      validate: true,
      ruleSet: { forbidden: importRules() },
      tsPreCompilationDeps: true,
    });
    const found = (output as ICruiseResult).summary.violations.map(
      ({ rule, from }) => `${from} ${rule.name}`,
    );
    expect([...new Set(found)].sort()).toEqual([
      "actions/upload/src/lost.ts resolves",
      "actions/upload/src/main.ts actions never import each other",
      "packages/core/src/impure.ts core: no I/O",
      "packages/core/src/tested.ts sources never import tests",
      "packages/core/src/up.ts core: not in the table",
      "packages/engine/src/action.ts a package never imports an action",
      "packages/engine/src/deep.ts no deep imports",
      "packages/engine/src/one.ts no cycles",
      "packages/engine/src/socket.ts engine: types only",
    ]);
  });
});
