import { type Milliseconds, parseDuration } from "@deploy/core";
import { InvalidArgumentError } from "commander";

/** A duration with its unit, or 0, which needs none. Throws commander's InvalidArgumentError. */
export function duration(value: string): Milliseconds {
  if (/^0(?:ms|s|m|h)?$/.test(value)) return 0;
  try {
    return parseDuration(value);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
}

/** Throws commander's InvalidArgumentError. */
export function nonEmpty(value: string): string {
  if (value.trim() === "") throw new InvalidArgumentError("It is empty.");
  return value;
}
