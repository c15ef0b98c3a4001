import {
  type CommonInputs,
  type ConnectionInputs,
  commonInputs,
  connectionInputs,
  type InputReader,
  readCommonInputs,
  readConnection,
} from "@deploy/action-kit";

export interface Inputs extends CommonInputs {
  readonly connection: ConnectionInputs;
  /** False: it is only shown what would happen. */
  readonly confirm: boolean;
}

export const inputs = ["confirm", ...commonInputs, ...connectionInputs, "app", "leader"] as const;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readCommonInputs(read),
    connection: readConnection(read),
    confirm: read.flag("confirm", false),
  };
}
