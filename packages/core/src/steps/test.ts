import { type ConfigureData, configureSteps, testOf } from "./configureFiles.ts";
import type { StepKind } from "./kind.ts";

/** Servers' own files, tried by the servers' own programs before anybody switches. */
export const test: StepKind<ConfigureData, "nothing"> = {
  stage: "prepare",
  effect: "nothing",
  shell: "Leave `configure` out: servers' files cannot be written there.",
  lasts: false,
  // Also of a release that lies there whole: another hand may have been at the host since.
  plan: (asked) => (asked.plan === "rollback" ? [] : configureSteps(asked)),
  words: ({ files }) => files.map((file) => `${file.from} by ${testOf(file) ?? "nothing"}`).join(", "),
  commands: ({ helper }) => (helper === undefined ? [] : [`sudo -n ${helper} check`]),
};
