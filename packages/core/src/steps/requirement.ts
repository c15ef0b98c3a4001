import type { PrepareCommand } from "../config/types.ts";
import { canonicalJson, textDigest } from "../plan/digest.ts";
import type { Artifact } from "../plan/types.ts";
import type { StepCommand } from "./command.ts";

/** What a command reads and makes: where nothing of the first has changed, the second is carried over. */
export interface Requirement {
  readonly reads: readonly string[];
  readonly makes: readonly string[];
  /** Commands whose output must be what it was. */
  readonly tools: readonly string[];
  readonly unchanged: "copy" | "link";
}

/** A command by the name that its results have on hosts, and the digest of what it reads; 64 hex digits each. */
export interface RequirementKey {
  readonly key: string;
  readonly reads: string;
}

export function requirementOf({ run, ...given }: PrepareCommand): Requirement | undefined {
  const { reads, makes, tools = toolsOf(run), unchanged = "copy" } = given;
  return reads === undefined || makes === undefined ? undefined : { reads, makes, tools, unchanged };
}

/** Undefined where it is run each time, or the artifact does not tell what is read. */
export function requirementKey(
  { run, envFile, requirement }: StepCommand & { readonly requirement?: Requirement },
  artifact: Artifact | undefined,
): RequirementKey | undefined {
  const known = artifact?.reads;
  if (requirement === undefined || known === undefined) return undefined;
  const { unchanged: _, ...asked } = requirement;
  const digests = requirement.reads.map((path) => known[path]);
  if (digests.includes(undefined)) return undefined;
  return {
    key: textDigest(canonicalJson([run, envFile ?? null, asked])),
    reads: textDigest(canonicalJson(digests)),
  };
}

/** Of each program, what it runs on. */
const runsOn: Readonly<Record<string, readonly string[]>> = {
  npm: ["node"],
  pnpm: ["node"],
  yarn: ["node"],
  bundle: ["ruby"],
  composer: ["php"],
  pip: [],
  pip3: [],
  uv: ["python3"],
};

/** pip tells the Python that it belongs to. Nothing is asked of a program that is not known: it may do something else. */
function toolsOf(run: string): readonly string[] {
  const words = run.trim().split(/\s+/);
  const [program = "", module, name] = words.slice(words.findIndex((word) => !/^\w+=/.test(word)));
  if (/^python3?$/.test(program) && module === "-m" && name === "pip") return [`${program} -m pip --version`];
  const below = Object.hasOwn(runsOn, program) ? runsOn[program] : undefined;
  return below === undefined ? [] : [...below, program].map((one) => `${one} --version`);
}
