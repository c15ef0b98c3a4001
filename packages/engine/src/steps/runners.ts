import type { Step } from "@deploy/core";
import { backup } from "./backup.ts";
import { finish } from "./finish.ts";
import { health } from "./health.ts";
import { migrate } from "./migrate.ts";
import { prepare } from "./prepare.ts";
import { reload } from "./reload.ts";
import type { Runner, Runners } from "./runner.ts";
import { switchOver } from "./switch.ts";
import { upload } from "./upload.ts";

export const runners: Runners = {
  upload,
  prepare,
  backup,
  migrate,
  switch: switchOver,
  reload,
  health,
  finish,
};

/** A step goes with its own runner: what one is given the other takes. */
export function runnerOf({ step }: Pick<Step, "step">): Runner<Step["step"]> {
  return runners[step] as unknown as Runner<Step["step"]>;
}
