import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/lib/root.ts";
import type { Command } from "./measure.ts";

/** The built action; `npm run build -- build-assets` makes it. */
export const bundle = process.env.BUNDLE ?? join(root, "build", "dist", "build-assets", "index.mjs");

/** The action's process as a runner starts it, in the checkout `cwd`; `temp` is RUNNER_TEMP. */
export function action(cwd: string, temp: string, inputs: Readonly<Record<string, string>>): Command {
  if (!existsSync(bundle)) throw new Error("there is no bundle: npm run build -- build-assets");
  mkdirSync(temp, { recursive: true });
  const files = ["OUTPUT", "STATE", "ENV", "PATH", "STEP_SUMMARY"].map((name) => {
    const file = join(temp, name);
    writeFileSync(file, "");
    return [`GITHUB_${name}`, file] as const;
  });
  const named = Object.entries(inputs).map(
    ([name, value]) => [`INPUT_${name.toUpperCase()}`, value] as const,
  );
  return {
    argv: [process.execPath, ...(process.env.NODE_FLAGS?.split(" ") ?? []), bundle],
    cwd,
    env: {
      ...runner,
      GITHUB_WORKSPACE: cwd,
      RUNNER_TEMP: temp,
      HOME: temp,
      ...Object.fromEntries([...files, ...named]),
    },
  };
}

const runner = {
  PATH: process.env.PATH ?? "",
  CI: "true",
  GITHUB_ACTIONS: "true",
  GITHUB_REPOSITORY: "octo/shop",
  GITHUB_RUN_ID: "1",
  GITHUB_RUN_ATTEMPT: "1",
  GITHUB_SHA: "4f2a91c0000000000000000000000000000000aa",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_ACTOR: "octocat",
  GITHUB_EVENT_NAME: "push",
  GITHUB_REF: "refs/heads/main",
  GITHUB_REF_NAME: "main",
  GITHUB_JOB: "build",
  GITHUB_WORKFLOW: "bench",
  RUNNER_OS: "Linux",
  RUNNER_ARCH: "X64",
};
