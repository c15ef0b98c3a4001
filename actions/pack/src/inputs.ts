import {
  type CommonInputs,
  declareInputs,
  handOver,
  type InputReader,
  readCommonInputs,
  retention,
} from "@deploy/action-kit";
import { fleetSections } from "@deploy/core";

export interface Inputs extends CommonInputs {
  /** The config's build commands alone, packing alone, or both. */
  readonly phase: "all" | "build" | "pack";
  /** Workflow artifact packed instead of `source`. */
  readonly artifact: string | undefined;
  readonly artifactName: string | undefined;
  readonly upload: boolean;
  readonly retentionDays: number;
}

export const declared = declareInputs({
  own: {
    phase: {
      description:
        "`build` runs the config's build commands and packs nothing; `pack` packs and runs none; `all` unless told.",
      default: "all",
    },
    artifact: handOver(
      "Files that an earlier job uploaded with actions/upload-artifact (name or id): packed instead of `source`, and `build` is not run. A single .tar or .tar.gz in it is unpacked first, and keeps modes, links and dot files.",
    ),
    "artifact-name":
      "Name of the workflow artifact that is uploaded; `deploy-release-<app>-<environment>` unless told.",
    upload: {
      description: "`false`: keep the packed release in this job, for its later steps; do not upload it.",
      default: "true",
    },
    ...retention,
  },
  sections: [...fleetSections, "source", "build", "shared", "upload"],
});
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readCommonInputs(read, declared.sections),
    phase: read.choice("phase", ["all", "build", "pack"]),
    artifact: read.handedOver("artifact"),
    artifactName: read.string("artifact-name"),
    upload: read.flag("upload", true),
    retentionDays: read.whole("retention-days", 400, 30),
  };
}
