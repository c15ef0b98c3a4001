import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type BundleRan, type RunBundle, runBundle } from "@deploy/testkit";
import { openBundles } from "./bundles.ts";
import { writeFiles } from "./files.ts";
import { openFleet, type TestFleet } from "./fleet.ts";
import { readManifest } from "./manifest.ts";

type Inputs = Readonly<Record<string, string>>;
type More = Omit<Partial<RunBundle>, "bundle" | "inputs" | "phase" | "state">;

/** A workflow job on one runner, with the built actions as its steps, and the three servers it deploys to. */
export interface Job {
  readonly fleet: TestFleet;
  /** What every step of this job gets; a step's own win. */
  readonly inputs: Inputs;
  /** RUNNER_TEMP. */
  readonly temp: string;
  readonly workspace: string;
  /** Lays files into the checkout. */
  write(files: Inputs): void;
  step(action: string, inputs?: Inputs, more?: More): Promise<BundleRan>;
  post(action: string, main: BundleRan, inputs?: Inputs): Promise<BundleRan>;
  /** Upload, activate and post: the result output of each. */
  deploy(more?: More): Promise<readonly (string | undefined)[]>;
  /** A new runner: nothing of RUNNER_TEMP is left. Steps say this attempt from now on. */
  rerun(attempt: string): void;
  close(): Promise<void>;
}

/** Opens servers and an empty checkout with `site/index.html`. Builds the bundles first where they are old. */
export async function openJob(): Promise<Job> {
  const bundles = await openBundles();
  const folder = mkdtempSync(join(tmpdir(), "deploy-runner-"));
  const [temp, workspace] = [join(folder, "temp"), join(folder, "workspace")];
  for (const made of [temp, workspace]) mkdirSync(made);
  const fleet = await openFleet(folder);
  let attempt = "1";
  const run = (action: string, inputs: Inputs, more: Partial<RunBundle>) =>
    runBundle({
      ...{ bundle: join(bundles, action, "index.mjs"), temp, workspace, ...more },
      inputs: { ...knownTo(action, fleet.inputs), ...(action === "pack" ? withoutLogin(inputs) : inputs) },
      env: { GITHUB_RUN_ATTEMPT: attempt, ...more.env },
    });
  const job: Job = {
    ...{ fleet, inputs: fleet.inputs, temp, workspace },
    write: (files) => writeFiles(workspace, files),
    step: (action, inputs = {}, more = {}) => run(action, inputs, more),
    post: (action, { state }, inputs = {}) => run(action, inputs, { phase: "post", state }),
    async deploy(more) {
      const uploaded = await job.step("upload", {}, more);
      const activated = await job.step("activate", {}, more);
      await job.post("upload", uploaded);
      return [uploaded, activated].map(({ outputs }) => outputs.result);
    },
    rerun(next) {
      attempt = next;
      rmSync(temp, { recursive: true });
      mkdirSync(temp);
    },
    async close() {
      await fleet.close();
      rmSync(dirname(temp), { recursive: true, force: true });
    },
  };
  job.write({ "site/index.html": "one\n" });
  return job;
}

/** Of what every step gets, the inputs that this action has. */
export function knownTo(action: string, inputs: Inputs): Inputs {
  const { inputs: names } = readManifest(action);
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => names.includes(name)));
}

/** Packing logs in nowhere, and its action has no inputs for it. */
function withoutLogin(inputs: Inputs): Inputs {
  const login = ["ssh-private-key", "ssh-passphrase", "known-hosts", "jump-host"];
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !login.includes(name)));
}
