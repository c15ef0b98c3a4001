import { type ConfigureData, configureSteps } from "./configureFiles.ts";
import type { StepKind } from "./kind.ts";

/** Servers' own files are those of the release that `current` names now: what reads them is told by the next step. */
export const configure: StepKind<ConfigureData, "live"> = {
  stage: "wave",
  effect: "live",
  shell: "Leave `configure` out: servers' files cannot be written there.",
  lasts: true,
  plan: configureSteps,
  words: ({ files, drift, helper }) => {
    const all = files.map(({ from, to, level }) => `${from} ${hands[level]} ${to}`).join(", ");
    const root = helper === undefined ? "" : `; ${helper} writes as root`;
    return `${all}${root}${drift === "overwrite" ? "; changes made there by hand are overwritten" : ""}`;
  },
  commands: ({ helper }) => (helper === undefined ? [] : [`sudo -n ${helper} apply`]),
};

const hands = {
  check: "is only compared with",
  user: "is written by the login to",
  apply: "is written by root's helper to",
} as const;
