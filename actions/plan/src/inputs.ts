import { type FleetInputs, fleetInputs, type InputReader, readFleetInputs } from "@deploy/action-kit";

export interface Inputs extends FleetInputs {
  readonly kind: "deploy" | "rollback";
  /** Workflow artifact of the pack action. */
  readonly packed: string | undefined;
  readonly to: string | undefined;
  readonly release: string | undefined;
  readonly upload: boolean;
}

export const inputs = ["packed", "kind", "to", "release", "upload", ...fleetInputs] as const;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readFleetInputs(read),
    kind: read.choice("kind", ["deploy", "rollback"]),
    packed: read.string("packed"),
    to: read.string("to"),
    release: read.string("release"),
    upload: read.flag("upload", true),
  };
}
