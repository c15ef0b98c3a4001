import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { listFiles } from "../lib/files.ts";
import { root } from "../lib/root.ts";
import { calledWorkflows, oidcTwin } from "../render/workflows.ts";

interface Step {
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}
interface Job {
  readonly if?: string;
  /** By name, or with an address. */
  readonly environment?: unknown;
  readonly name: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: unknown;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: {
    readonly workflow_call: {
      readonly inputs: Readonly<Record<string, unknown>>;
      readonly outputs: Readonly<Record<string, { readonly value: string }>>;
    };
  };
  readonly jobs: Readonly<Record<string, Job>>;
}

const output = /needs\.\w+\.outputs\.([\w-]+)/;
const outputsIn = (text: string) => [...text.matchAll(new RegExp(output, "g"))].map(([, name = ""]) => name);
const texts = calledWorkflows();
const read = (file: string): Workflow => parse(texts.get(file) ?? "");
const inputsOf = (uses: string) =>
  parse(readFileSync(join(root, uses.replace("$", "actions"), "action.yml"), "utf8")).inputs;

describe.each([...texts.keys()])("%s: what arrives empty", (file) => {
  const jobs = Object.entries(read(file).jobs);
  // What is not run where nothing changed; pack and plan are left out for what a caller says.
  const gated = jobs.filter(
    ([, { environment }]) => environment !== undefined && typeof environment !== "string",
  );

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
    const used = job.steps.flatMap(({ if: when = "", with: inputs = {} }) =>
      [when, ...Object.values(inputs).map(String)].flatMap(outputsIn),
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
      const { status, stdout } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
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

test("a password for FTP does without key and known hosts, and each that is missing else is told", () => {
  const step = read("deploy.yml").jobs.plan?.steps.find(({ env }) => env?.PASSWORD_ARRIVED !== undefined);
  const look = (...arrived: readonly string[]) => {
    const env = Object.fromEntries(
      Object.keys(step?.env ?? {}).map((key) => [key, `${arrived.includes(key)}`]),
    );
    const { status, stdout } = spawnSync("bash", ["-eo", "pipefail", "-c", step?.run ?? ""], {
      env,
      encoding: "utf8",
    });
    return [status, stdout.match(/::error/g)?.length ?? 0];
  };
  expect([
    look(),
    look("KEY_ARRIVED"),
    look("KEY_ARRIVED", "KNOWN_HOSTS_ARRIVED"),
    look("PASSWORD_ARRIVED"),
  ]).toEqual([
    [1, 2],
    [1, 1],
    [0, 0],
    [0, 0],
  ]);
});

describe("credentials that a plan needs", () => {
  const looking = read("deploy.yml").jobs.deploy?.steps.find(({ env }) => env?.CREDENTIALS !== undefined);
  const look = (CREDENTIALS: string, ...arrived: readonly string[]) => {
    const ARRIVED = (looking?.env?.ARRIVED ?? "").replace(/\$\{\{ secrets\.(\w+) != '' \}\}/g, (_, name) =>
      String(arrived.includes(name)),
    );
    const { status, stdout } = spawnSync(
      "bash",
      ["--noprofile", "--norc", "-eo", "pipefail", "-c", looking?.run ?? ""],
      { env: { CREDENTIALS, ARRIVED }, encoding: "utf8" },
    );
    return [
      status,
      [...stdout.matchAll(/::(\w+) is empty here.* ([A-Z_]+: .*)$/gm)].map(([, name, line]) => [name, line]),
    ];
  };
  const line = (name: string) => [name, `${name}: \${{ secrets.${name} }}`];

  test("are looked for before anything is touched, and the line that is missing is told", () => {
    const steps = read("deploy.yml").jobs.deploy?.steps ?? [];
    expect(steps.indexOf(looking as Step)).toBeLessThan(
      steps.findIndex(({ uses = "" }) => uses.startsWith("$/")),
    );
    expect([look(""), look("id-token"), look("database-url", "DATABASE_URL")]).toEqual(
      Array(3).fill([0, []]),
    );
    expect(look("database-url aws-keys", "AWS_ACCESS_KEY_ID")).toEqual([
      1,
      [line("DATABASE_URL"), line("AWS_SECRET_ACCESS_KEY")],
    ]);
  });

  test("go into the plan as whether, never as what", () => {
    const { given = "" } =
      read("deploy.yml").jobs.plan?.steps.find(({ uses }) => uses === "$/plan")?.with ?? {};
    const lines = given.split("\n").map((line) =>
      line
        .replaceAll(/\$\{\{|\}\}|secrets\.| != ''|&&/g, " ")
        .split(/\s+|=/)
        .filter(Boolean),
    );
    expect(lines).toEqual([
      ["database-url", "DATABASE_URL"],
      ["aws-keys", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
      ["vault-password", "VAULT_PASSWORD"],
      ["id-token", "false"],
      [],
    ]);
    expect(given.match(/secrets\./g)).toHaveLength(given.match(/ != ''/g)?.length ?? 0);
  });
});

test("what a person must say, the called workflow lets them say", () => {
  const { on, jobs } = read("deploy.yml");
  const step = jobs.deploy?.steps.find(({ uses }) => uses === "$/deploy");
  for (const name of ["retry", "resolve", "allow-identity-change"]) {
    expect([on.workflow_call.inputs[name], step?.with?.[name]]).toEqual([
      expect.any(Object),
      `\${{ inputs.${name} }}`,
    ]);
  }
});

/** What an expression of outputs comes to, with the operators that ours use. */
function evaluate(expression: string, values: Readonly<Record<string, string>>): string {
  const body = expression
    .replace(/^\$\{\{|\}\}$/g, "")
    .replace(/\b(?:steps|jobs)\.[\w.-]+/g, (path) => `values["${path}"]`);
  return new Function("values", `return ${body};`)(
    new Proxy(values, { get: (known, name) => known[String(name)] ?? "" }),
  );
}

/** Of a gated job: the steps, in order, of which the last ones never ran. */
const ended = (job: string, steps: Readonly<Record<string, string>>): string => {
  const values = Object.entries(steps).flatMap(([id, result]) => [
    [`steps.${id}.outputs.result`, result === "broken" ? "" : result],
    [`steps.${id}.outcome`, ["prepared", "deployed", "planned"].includes(result) ? "success" : "failure"],
  ]);
  const file = job === "rollback" ? "rollback.yml" : "deploy.yml";
  return evaluate(read(file).jobs[job]?.outputs?.result ?? "", Object.fromEntries(values));
};

describe("what a called workflow says it came to", () => {
  const publish = { publish: "prepared" };
  test.each([
    [{}, "failed"],
    [{ publish: "failed" }, "failed"],
    [{ publish: "cancelled" }, "cancelled"],
    [{ publish: "broken" }, "failed"],
    [{ deploy: "locked" }, "locked"],
    [{ deploy: "broken" }, "failed"],
    [{ ...publish, deploy: "cancelled" }, "cancelled"],
    [{ ...publish, deploy: "deployed" }, "deployed"],
    [{ ...publish, deploy: "reverted" }, "reverted"],
    [{ ...publish, deploy: "attention" }, "attention"],
    // Cancelled between two steps: all that ran went well, and nothing is live.
    [publish, "failed"],
  ])("a deploy whose steps said %j: %s", (steps, result) => expect(ended("deploy", steps)).toBe(result));

  test.each([
    [{ upload: "prepared" }, ""],
    [{ upload: "locked" }, "locked"],
    [{ upload: "broken" }, "failed"],
  ])("a preparation whose steps said %j: %s", (steps, result) =>
    expect(ended("prepare", steps)).toBe(result),
  );

  test.each([
    [{ rollback: "locked" }, "locked"],
    [{ rollback: "broken" }, "failed"],
  ])("a rollback whose steps said %j: %s", (steps, result) => expect(ended("rollback", steps)).toBe(result));

  test.each(["", "locked"])("a preparation that came to %j ends the deploy with it", (prepared) => {
    const values = { "jobs.prepare.outputs.result": prepared, "jobs.plan.outputs.result": "planned" };
    const { value = "" } = read("deploy.yml").on.workflow_call.outputs.result ?? {};
    expect(evaluate(value, values)).toBe(prepared || "planned");
  });

  test.each([
    ["deploy", "reverted", "planned", "reverted"],
    ["deploy", "", "planned", "planned"],
    ["deploy", "", "failed", "failed"],
    // Packing failed, and there was no plan.
    ["deploy", "", "", "failed"],
    ["rollback", "", "failed", "failed"],
  ])("%s: of the gated job %j and the plan %j: %s", (job, gated, planned, result) => {
    const { on } = read(`${job}.yml`);
    const values = { [`jobs.${job}.outputs.result`]: gated, "jobs.plan.outputs.result": planned };
    expect(evaluate(on.workflow_call.outputs.result?.value ?? "", values)).toBe(result);
  });
});

test("jobs have plain names, so that they can be required, and a rollback waits in no queue", () => {
  const jobs = [...texts.keys()].flatMap((file) => Object.values(read(file).jobs));
  expect(jobs.map(({ name }) => name)).toEqual(["Pack", "Plan", "Prepare", "Deploy", "Plan", "Roll back"]);
  expect(read("rollback.yml").jobs.rollback).not.toHaveProperty("concurrency");
});

test("the lanes of examples are the called workflow's, and none that waits in them is thrown away", () => {
  const lane = JSON.stringify(read("deploy.yml").jobs.deploy?.concurrency);
  const folder = join(root, "examples");
  const files = listFiles(folder).filter((file) => /^[^/]+\/\.github\/workflows\//.test(file));
  // Those that call one of ours have its lane by that.
  const deploys = files.filter((file) =>
    /org\/deploy(\/upload)?@/.test(readFileSync(join(folder, file), "utf8")),
  );
  const lanes = deploys.flatMap((file) => parse(readFileSync(join(folder, file), "utf8"))?.concurrency ?? []);
  expect(lanes.length).toBeGreaterThan(0);
  expect(lanes.map((own) => JSON.stringify(own))).toEqual(
    lanes.map(() => lane.replace(/\$\{\{.*\}\}/, "production")),
  );
});

test("the twin for roles differs in one permission of those that change hosts, and tells the plan that it has it", () => {
  const text = texts.get("deploy.yml") ?? "";
  const twin: Workflow = parse(oidcTwin(text));
  const { jobs } = parse(text.replace("id-token=false", "id-token=true"));
  const asking = ([name, job]: [string, Job]) => [
    name,
    ["prepare", "deploy"].includes(name)
      ? { ...job, permissions: { ...job.permissions, "id-token": "write" } }
      : job,
  ];
  expect(twin.jobs).toEqual(Object.fromEntries(Object.entries<Job>(jobs).map(asking)));
});
