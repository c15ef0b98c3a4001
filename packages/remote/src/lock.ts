import { DeployError } from "@deploy/core";
import { frame, readAnswer, readLines, wordsOf } from "./answer.ts";
import { checkBase, checkCount, checkWord, fenceArgs } from "./check.ts";
import type { RemoteCommand } from "./command.ts";
import { scripts } from "./scripts.gen.ts";
import type { Acquired, AcquireOptions, Released, ReleaseOptions, RenewOptions } from "./types.ts";

/** Takes the fleet lock, or throws `locked` with who holds it. Again by the same owner: a higher token. */
export function lockAcquire(options: AcquireOptions): RemoteCommand<Acquired> {
  const { id, ...others } = options.owner;
  const { repository, run, attempt, actor, commit, phase } = others;
  const words = [repository, run, attempt, actor, commit, phase].map(toWord);
  const numbers = [checkCount("a lease", options.lease), checkCount("a token", options.floor ?? 0)];
  return {
    name: "lock acquire",
    kind: "idempotent",
    script: scripts.lock,
    args: ["acquire", checkBase(options.base), ...numbers, checkWord("an owner", id), ...words],
    payload: false,
    rehearsal: frame(`token ${(options.floor ?? 0) + 1} flock`),
    parse: (result) => {
      const answer = readAnswer("lock acquire", result);
      if (answer.refusal?.problem.code === "locked") throw heldBy(wordsOf(answer.lines, "held"));
      if (answer.refusal !== undefined) throw answer.refusal;
      const [token, mutex] = wordsOf(answer.lines, "token");
      return { token: Number(token), mutex: mutex === "flock" ? "flock" : "mkdir" };
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
    payload: false,
    rehearsal: frame(`token ${fence.token}`),
    parse: (result) => ({ token: Number(wordsOf(readLines("lock renew", result), "token")[0]) }),
  };
}

/** Frees the lock that `owner` holds; a free one stays free. Throws `fenced` where another holds it. */
export function lockRelease({ base, owner, token }: ReleaseOptions): RemoteCommand<Released> {
  const held = token === undefined ? "-" : checkCount("a token", token);
  return {
    name: "lock release",
    kind: "idempotent",
    script: scripts.lock,
    args: ["release", checkBase(base), held, checkWord("an owner", owner)],
    payload: false,
    rehearsal: frame("released 1"),
    parse: (result) => ({ released: wordsOf(readLines("lock release", result), "released")[0] === "1" }),
  };
}

/** `dependabot[bot]` and its like become words: the state is one line of them. */
function toWord(text: string): string {
  const clean = text.replaceAll(/[^A-Za-z0-9._:/@+-]/g, "_").slice(0, 200);
  return clean === "" ? "-" : clean;
}

function heldBy([, seconds = "0", ...words]: readonly string[]): DeployError {
  const [id, repository, run, attempt, actor, , phase] = words;
  const who = `run ${run} (attempt ${attempt}) of ${repository}, started by ${actor}`;
  return new DeployError(
    "locked",
    `${who}, holds the lock in phase ${phase}, for ${seconds} s more unless renewed`,
    {
      hint: `Wait until it ends, or release the lock of ${id} with the unlock command.`,
    },
  );
}
