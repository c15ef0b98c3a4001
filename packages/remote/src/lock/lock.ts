import { DeployError, highestGiven, whoIs } from "@deploy/core";
import { frame, readAnswer, readLines, wordsOf } from "../answer.ts";
import { checkBase, checkCount, checkWord, fenceArgs, toWord } from "../check.ts";
import type { RemoteCommand } from "../command.ts";
import type { Fence } from "../fence.ts";
import { jobRunning } from "../job/answer.ts";
import { scripts } from "../scripts.gen.ts";
import { frozenBy } from "./freeze.ts";
import type { Acquired, AcquireOptions, Released, ReleaseOptions, RenewOptions } from "./types.ts";

/**
 * Takes the fleet lock, or throws `locked` with who holds it, `frozen` with the reason, or `job-running`: nobody new
 * gets it while a job runs. Again by the same owner: a higher token.
 */
export function lockAcquire(options: AcquireOptions): RemoteCommand<Acquired> {
  const { id, ...others } = options.owner;
  const { repository, run, attempt, actor, commit, phase } = others;
  const words = [repository, run, attempt, actor, commit, phase].map(toWord);
  const numbers = [checkCount("a lease", options.lease), checkCount("a token", options.floor ?? 0)];
  const over = options.takeover === undefined ? "-" : checkWord("an owner", options.takeover.id);
  return {
    name: "lock acquire",
    kind: "idempotent",
    script: scripts.lock,
    args: ["acquire", checkBase(options.base), ...numbers, over, checkWord("an owner", id), ...words],
    ask: { what: "acquire", ...options },
    payload: false,
    rehearsal: frame(`token ${(options.floor ?? 0) + 1} flock`),
    parse: (result) => {
      const answer = readAnswer("lock acquire", result);
      if (answer.refusal !== undefined) throw refusalOf(answer.refusal, answer.lines);
      const [token, mutex] = wordsOf(answer.lines, "token");
      return { token: givenAbove(options.floor ?? 0, token), mutex: mutex === "flock" ? "flock" : "mkdir" };
    },
  };
}

/** A leader that lies would have every host adopt a token that nobody can follow. */
function givenAbove(floor: number, token = ""): number {
  const given = /^\d{1,16}$/.test(token) ? Number(token) : Number.NaN;
  if (given > floor && given <= highestGiven) return given;
  throw new DeployError("lock-corrupt", `the leader gave the lock token ${JSON.stringify(token)}`);
}

/**
 * Tells a host that is not the leader which token counts: whoever holds a lower one is refused there at once. `mend`:
 * whatever it adopted before.
 */
export function lockAdopt(fence: Fence, mend = false): RemoteCommand<{ readonly adopted: true }> {
  return {
    name: "lock adopt",
    kind: "idempotent",
    script: scripts.lock,
    args: ["adopt", ...fenceArgs(fence), mend ? "1" : "0"],
    ask: { what: "adopt", fence, mend },
    payload: false,
    rehearsal: frame("adopted"),
    parse: (result) => {
      readLines("lock adopt", result);
      return { adopted: true };
    },
  };
}

/** Extends the lease and names the phase. Throws `fenced` where the lock is no longer ours. */
export function lockRenew({ fence, lease, phase }: RenewOptions): RemoteCommand<{ readonly token: number }> {
  const [base = "", token = "", owner = ""] = fenceArgs(fence);
  return {
    name: "lock renew",
    kind: "idempotent",
    script: scripts.lock,
    args: ["renew", base, checkCount("a lease", lease), token, owner, toWord(phase)],
    ask: { what: "renew", fence, lease, phase },
    payload: false,
    rehearsal: frame(`token ${fence.token}`),
    parse: (result) => ({ token: Number(wordsOf(readLines("lock renew", result), "token")[0]) }),
  };
}

/**
 * Frees the lock that `owner` holds; a free one stays free. Throws `fenced` where another holds it. With `force` it is
 * freed whoever holds it, and that one is fenced on this host: `owner` is then who asks for it.
 */
export function lockRelease(options: ReleaseOptions): RemoteCommand<Released> {
  const { base, owner, token, force } = options;
  const who = checkWord("an owner", owner);
  const held = token === undefined ? "-" : checkCount("a token", token);
  return {
    name: "lock release",
    kind: "idempotent",
    script: scripts.lock,
    args:
      force === undefined
        ? ["release", checkBase(base), held, who]
        : ["force", checkBase(base), who, checkCount("a token", force.token), force.mend ? "1" : "0"],
    ask: { what: "release", ...options },
    payload: false,
    rehearsal: frame("released 1"),
    parse: (result) => ({ released: wordsOf(readLines("lock release", result), "released")[0] === "1" }),
  };
}

function refusalOf(refusal: DeployError, lines: readonly string[]): DeployError {
  switch (refusal.problem.code) {
    case "locked":
      return heldBy(wordsOf(lines, "held"));
    case "frozen":
      return frozenBy(wordsOf(lines, "frozen"));
    case "job-running":
      return jobRunning(wordsOf(lines, "running"));
    default:
      return refusal;
  }
}

function heldBy([, seconds = "0", ...words]: readonly string[]): DeployError {
  const [id = "", repository, run, attempt, actor, , phase] = words;
  const who =
    run === "-"
      ? `${whoIs(id)}, on a desk`
      : `run ${run} (attempt ${attempt}) of ${repository}, started by ${actor}`;
  return new DeployError(
    "locked",
    `${who}, holds the lock in phase ${phase}, for ${seconds} s more unless renewed`,
    {
      hint: `Wait until it ends, or take the lock of ${id}: \`deploy unlock\`.`,
      inAction: `Wait until it ends, or take the lock of ${id} with the action unlock (\`confirm: true\`).`,
    },
  );
}
