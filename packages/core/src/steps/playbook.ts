import { duration } from "../amounts.ts";
import type { Playbook } from "../config/types.ts";
import { hostsWith } from "../plan/fleet.ts";
import type { StepKind } from "./kind.ts";
import type { Step, StepOf } from "./kinds.ts";

/** Ansible configures the servers, while nobody else deploys: what it changed is Ansible's to take back, and no way back of ours does. */
export const playbook: StepKind<Omit<Playbook, "roles">, "servers"> = {
  stage: "data",
  effect: "servers",
  shell: "Leave `playbook` out: Ansible needs a shell and Python on its hosts.",
  lasts: false,
  plan({ fleet: { config }, plan, hosts }) {
    if (plan !== "deploy" || config.playbook === undefined) return [];
    const { roles, ...settings } = config.playbook;
    const named = new Set(hostsWith(config, roles));
    return [{ hosts: hosts.filter((host) => named.has(host)), ...settings }];
  },
  words: ({ file, tags, timeout }) =>
    [
      `${file} of the release, by Ansible on the runner`,
      ...(tags.length === 0 ? [] : [`tags ${tags.join(", ")}`]),
      `ended after ${duration(timeout)}`,
      "what it changes stays, also where the servers go back",
    ].join("; "),
  headline: ([step]) => `playbook ${step?.file ?? ""}`,
  needs: () => ["playbook"],
  credentials: ({ vaultSecret }) =>
    vaultSecret === undefined
      ? []
      : [{ name: "vault-password", use: "Ansible's vault", secret: vaultSecret }],
};

/** A plan's own, of which there is one at most. */
export function playbookIn(steps: readonly Step[]): StepOf<"playbook"> | undefined {
  return steps.find((step) => step.step === "playbook");
}
