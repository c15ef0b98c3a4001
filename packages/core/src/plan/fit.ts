import { stopProblems } from "../doctor/render.ts";
import { apartOf } from "../doctor/rows/folders.ts";
import type { Problem } from "../errors.ts";
import type { FleetFacts } from "./fleet.ts";

/** What `deploy doctor` calls `stop` and the probe has seen; what no other check of a plan has a code for. */
export function checkFit({ reached }: FleetFacts): readonly Problem[] {
  return stopProblems(reached.flatMap(apartOf));
}
