import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { runAct } from "./act.ts";
import { makeCaller } from "./caller.ts";

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "deploy-act-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const called = `on:
  workflow_call:
    inputs: { to: { type: string, default: "" } }
    secrets: { KEY: { required: false } }
jobs:
  first:
    runs-on: ubuntu-latest
    outputs: { said: "\${{ steps.say.outputs.said }}" }
    steps:
      - uses: actions/checkout@9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0 # v7.0.0
      - id: say
        uses: org/deploy/say@v1
        with: { words: "\${{ inputs.to }}", key: "\${{ secrets.KEY }}" }
  second:
    name: Deploy \${{ needs.first.outputs.said }}
    needs: [first]
    runs-on: ubuntu-latest
    steps:
      - run: exit 3
`;
const caller = `on: { workflow_dispatch: { inputs: { to: { type: string } } } }
jobs:
  call:
    uses: org/deploy/.github/workflows/deploy.yml@v1
    with: { to: "\${{ inputs.to }}" }
    secrets: { KEY: "\${{ secrets.KEY }}" }
`;
const script = `import { appendFileSync, existsSync } from "node:fs";
const { INPUT_WORDS, INPUT_KEY, GITHUB_RUN_ID, GITHUB_REPOSITORY } = process.env;
const facts = [INPUT_WORDS, INPUT_KEY.length, GITHUB_RUN_ID, GITHUB_REPOSITORY, existsSync(".github/deploy.yml")];
appendFileSync(process.env.GITHUB_OUTPUT, "said=" + facts.join(" ") + "\\n");
appendFileSync(process.env.GITHUB_STEP_SUMMARY, "# Said\\n");
console.log(process.version);
`;

needs("act")("the act harness", () => {
  test("carries inputs, secrets, run id and results through a called workflow", async () => {
    const tree = join(scratch, "tree");
    write(tree, "package.json", '{"type":"module"}');
    write(
      tree,
      "say/action.yml",
      "name: say\ninputs: { words: {}, key: {} }\nruns: { using: node24, main: main.mjs }\n",
    );
    write(tree, "say/main.mjs", script);
    write(tree, ".github/workflows/deploy.yml", called);
    const repository = makeCaller("node-app", join(scratch, "caller"));
    repository.write(".github/workflows/try.yml", caller);
    repository.commit();

    const run = await runAct({
      caller: repository,
      tree,
      scratch,
      workflow: "try.yml",
      event: "workflow_dispatch",
      inputs: { to: "a b" },
      secrets: { KEY: "line $one\n'line' two\n" },
      runId: 4711,
    });

    const said = "a b 21 4711 acme/shop true";
    expect({ ...run, log: run.log.includes("v24") }).toEqual({
      code: 1,
      log: true,
      jobs: { first: "success", second: "failure" },
      names: {
        call: "try.yml/call",
        first: "call/deploy.yml/first",
        second: `call/deploy.yml/Deploy ${said}`,
      },
      outputs: { say: { said } },
      summaries: ["# Said\n"],
    });
  });
});

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
