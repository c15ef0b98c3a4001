import { type Way, ways } from "./command.ts";
import type { Moment } from "./gate.ts";

/** One run that is ended in the middle of one thing that a host does after the switch. */
export interface Cut extends Moment {
  readonly name: string;
  readonly host: number;
  readonly operation: string;
  readonly way: Way;
}

/** What a run of this name does on each host from its switch on. */
export interface Course {
  readonly name: string;
  readonly operations: readonly (readonly string[])[];
}

const moments = ["before", "after"] as const;

export function everyCut(courses: readonly Course[]): readonly Cut[] {
  return courses.flatMap(({ name, operations }) =>
    operations.flatMap((names, host) =>
      names.flatMap((operation, index) =>
        moments.flatMap((when) => ways.map((way) => ({ name, host, operation, at: index + 1, when, way }))),
      ),
    ),
  );
}

/** One cut of each way, spread over the window: as many seeds in a row as there are moments have had all of them. */
export function sampleCuts(courses: readonly Course[], seed: number): readonly Cut[] {
  const cuts = everyCut(courses);
  return ways.map((way, index) => {
    const own = cuts.filter((cut) => cut.way === way);
    return own[(seed + Math.floor((index * own.length) / ways.length)) % own.length] as Cut;
  });
}

export const followers = ["same", "other", "rollback"] as const;

export type Follower = (typeof followers)[number];

/** Each of them is the first to follow in turn; `all`: the others come after it. */
export function followersOf(number: number, all: boolean): readonly Follower[] {
  const turned = followers.map((_, index) => followers[(number + index) % followers.length] as Follower);
  return turned.slice(0, all ? followers.length : 1);
}
