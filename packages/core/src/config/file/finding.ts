import type { ErrorCode } from "../../errors.ts";
import type { Path } from "./document.ts";

/** A problem with a value of a tree, before the tree's origin gives it a place. */
export interface Finding {
  readonly path: Path;
  readonly at: "key" | "value";
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  /** The path an unknown key was probably meant for: that one is misspelt, not missing. */
  readonly meant?: string;
}
