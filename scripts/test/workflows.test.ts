import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { root } from "../lib/root.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}
interface Job {
  readonly if?: string;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: { readonly workflow_call: { readonly inputs: Readonly<Record<string, unknown>> } };
  readonly jobs: Readonly<Record<string, Job>>;
}

const output = /needs\.\w+\.outputs\.([\w-]+)/;
const outputsIn = (text: string) => [...text.matchAll(new RegExp(output, "g"))].map(([, name = ""]) => name);
const read = (file: string): Workflow => parse(readFileSync(join(root, "workflows", file), "utf8"));
const inputsOf = (uses: string) =>
  parse(readFileSync(join(root, uses.replace("$", "actions"), "action.yml"), "utf8")).inputs;

describe.each(readdirSync(join(root, "workflows")))("workflows/%s: what arrives empty", (file) => {
  const jobs = Object.entries(read(file).jobs);
  const gated = jobs.filter(([, { if: condition }]) => condition !== undefined);

  test.each(jobs)("of an earlier job is refused by each action of %s", (_, { steps }) => {
    const handed = steps.flatMap(({ uses = "", with: inputs = {} }) =>
      Object.entries(inputs)
        .filter(([, value]) => output.test(String(value)))
        .map(([name]) => [uses, name, inputsOf(uses)[name].default]),
    );
    expect(handed.filter(([, , fallback]) => fallback !== "none")).toEqual([]);
  });

  test.each(gated)("skips no %s, which looks at all of it first", (_, job) => {
    expect(job.if).toContain("needs.plan.outputs.changed != 'false'");
    const looking = job.steps.find(({ env }) => env?.HANDED_OVER !== undefined);
    const acting = job.steps.findIndex(({ uses = "" }) => uses.startsWith("$/"));
    expect(job.steps.indexOf(looking as Step)).toBeLessThan(acting);
    const used = job.steps.flatMap(({ with: inputs = {} }) =>
      Object.values(inputs).map(String).flatMap(outputsIn),
    );
    expect(outputsIn(looking?.env?.HANDED_OVER ?? "").sort()).toEqual(
      [...new Set([...used, "changed"])].sort(),
    );
  });

  test.each(gated)("fails %s by name, and nothing else does", (_, { steps }) => {
    const { run = "", env = {} } = steps.find((step) => step.env?.HANDED_OVER !== undefined) ?? {};
    const look = (lost: string) => {
      const filled = (env.HANDED_OVER ?? "").replace(/^([\w-]+)=.*$/gm, (_, name) =>
        name === lost ? `${name}=` : `${name}=7`,
      );
      const { status, stdout } = spawnSync("sh", ["-e", "-c", run], {
        env: { HANDED_OVER: filled },
        encoding: "utf8",
      });
      return [status, stdout];
    };
    expect(look("none of them")).toEqual([0, ""]);
    for (const name of ["changed", "plan", "plan-digest"]) {
      expect(look(name)).toEqual([
        1,
        expect.stringMatching(
          `^::error title=hand-over-empty::Arrived empty from an earlier job: ${name} \\.`,
        ),
      ]);
    }
  });
});

test("what a person must say, the called workflow lets them say", () => {
  const { on, jobs } = read("deploy.yml");
  const migrate = jobs.deploy?.steps.find(({ uses }) => uses === "$/migrate");
  for (const name of ["retry", "resolve", "allow-identity-change"]) {
    expect([on.workflow_call.inputs[name], migrate?.with?.[name]]).toEqual([
      expect.any(Object),
      `\${{ inputs.${name} }}`,
    ]);
  }
});
