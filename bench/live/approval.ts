import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BundleRan, runBundle } from "@deploy/testkit/servers";
import type { Peer, Sample } from "../upload/types.ts";
import type { World } from "../upload/world.ts";
import { configOf } from "./command.ts";

/**
 * The gated job's own step, from its start to its end, where `prepare: before-approval` brought the release before: what
 * whoever approves waits for, beside the runner's own start. The steps before it are carried out and not counted.
 */
export function approvalPeer(world: World, tree: string): Peer {
  return {
    name: "approval to live",
    live: "approved/current",
    exchange: () => "curve25519",
    missing: () => undefined,
    begin: async () => writeFileSync(join(world.work, "approved.json"), configOf(world, "/srv/approved")),
    async deploy({ number, commit }) {
      const step = stepsOf(world, tree, { GITHUB_RUN_ID: String(number + 1), GITHUB_SHA: commit });
      await step("pack", { upload: "false" });
      const { outputs } = await step("plan", { upload: "false", ...login(world) });
      const approved = { plan: outputs["plan-file"] ?? "", ...login(world) };
      const uploaded = await step("upload", approved);
      await step("upload", approved, uploaded);
      return timed(() => step("deploy", { ...approved, "already-built": "true" }));
    },
  };
}

type Inputs = Readonly<Record<string, string>>;

const login = ({ fleet }: World): Inputs => ({
  "known-hosts": fleet.knownHosts(),
  "ssh-private-key": fleet.keys.private,
});

/** Runs actions of the release tree as a runner does: one job, one temporary folder. With what a step said: its post. */
function stepsOf({ work }: World, tree: string, env: Inputs) {
  const temp = mkdtempSync(join(work, "runner-"));
  mkdirSync(temp, { recursive: true });
  return async (action: string, inputs: Inputs, main?: BundleRan): Promise<BundleRan> => {
    const ran = await runBundle({
      ...{ bundle: join(tree, "dist", action, "index.mjs"), temp, workspace: work, env },
      ...(main === undefined ? {} : { phase: "post", state: main.state }),
      inputs: { environment: "production", config: "approved.json", ...inputs },
    });
    if (ran.code !== 0) throw new Error(`${action}: ${ran.log}`);
    return ran;
  };
}

async function timed(work: () => Promise<unknown>): Promise<Sample> {
  const started = performance.now();
  await work();
  return { seconds: (performance.now() - started) / 1_000, cpu: Number.NaN };
}
