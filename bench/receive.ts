// npm run bench:receive -- [--apps 1900x10,20000x25,100000x50] [--rounds 5]
// What a redeploy costs a host by itself (no ssh): an application of FILES x KB, ten files changed; unchanged files copied
// or linked, the whole verified or what changed. Processor time is that of all the host's
// programs. Then how much of it is the copy alone, and hashing the tree alone.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { packArtifact } from "@deploy/artifact";
import { finish, flip, lockAcquire, type RemoteCommand, receive, render } from "@deploy/remote";

const { values } = parseArgs({
  options: {
    apps: { type: "string", default: "1900x10,20000x25,100000x50" },
    rounds: { type: "string", default: "5" },
  },
});
interface How {
  readonly unchanged: "copy" | "link";
  readonly verify: "changed" | "whole";
}
interface Sample {
  readonly seconds: number;
  readonly cpu: number;
}

const hows = (["copy", "link"] as const).flatMap((unchanged) =>
  (["whole", "changed"] as const).map((verify): How => ({ unchanged, verify })),
);
const owner = {
  id: "bench",
  repository: "acme/shop",
  run: "1",
  attempt: "1",
  actor: "bench",
  commit: "",
  phase: "prepare",
};
console.log("files x kB   unchanged  verify     receive s  CPU s   finish s  CPU s");
for (const app of values.apps.split(",")) await bench(app);

async function bench(app: string): Promise<void> {
  const [files = 0, kilobytes = 0] = app.split("x").map(Number);
  const work = mkdtempSync(join(tmpdir(), "deploy-receive-"));
  try {
    const paths = writeApp(join(work, "app"), files, kilobytes);
    const packs = [await pack(work, "one")];
    for (const path of paths.filter((_, at) => at % Math.ceil(files / 10) === 0))
      writeFileSync(join(work, "app", path), bytes(kilobytes, files + 7));
    packs.push(await pack(work, "two"));
    for (const how of hows) {
      await rounds(work, app, packs, how);
      rmSync(join(work, "shop"), { recursive: true });
    }
    const cp = run(["sh", "-c", `cp -RP '${work}/app' '${work}/cp'`], work);
    told(app, "copy", "(cp)", [await cp], []);
    const hash = `cd '${work}/app' && find . -type f -exec openssl dgst -sha256 -r {} + >/dev/null`;
    told(app, "-", "(openssl)", [await run(["sh", "-c", hash], work)], []);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Release after release from the one before, which then goes: as a fleet that keeps one lives. */
async function rounds(work: string, app: string, packs: readonly Packed[], how: How): Promise<void> {
  const fence = { base: join(work, "shop"), token: 1, owner: "bench" };
  const [received, finished]: [Sample[], Sample[]] = [[], []];
  await exec(lockAcquire({ base: fence.base, owner, lease: 3600 }), work);
  let live: string | null = null;
  for (let round = 0; round <= Number(values.rounds); round++) {
    const [packed, base] = [packs[round % 2], packs[(round + 1) % 2]] as [Packed, Packed];
    const release = `20261121T${String(100_000 + round)}Z-aaaaaaa`;
    const parcel = await packed.parcel(live === null ? null : base.manifest, "none");
    const command = receive({ fence, release, from: live, ...options(packed), ...how, encoding: "none" });
    const one = await exec(command, work, parcel.read());
    await exec(flip({ fence, expect: live, to: release, step: "activate" }), work);
    const removals = live === null ? [] : [live];
    const two = await exec(finish({ fence, release, bad: null, removals }), work);
    live = release;
    // The first one sends everything, and what the second finds is not yet as it will be.
    if (round === 0) continue;
    received.push(one);
    finished.push(two);
  }
  told(app, how.unchanged, how.verify, received, finished);
}

function pack(work: string, name: string) {
  const options = { exclude: [], shared: [], time: 1_700_000_000, directory: join(work, name) };
  return packArtifact({ root: join(work, "app"), ...options });
}

type Packed = Awaited<ReturnType<typeof pack>>;

function options({ artifact }: Packed) {
  return {
    ...{ commit: "4f2a91c0", manifest: artifact.manifest, artifact: artifact.digest, files: artifact.files },
    ...{ mtime: 1_700_000_000, shared: { directories: [], files: [] }, ready: true, run: "bench" },
    tenant: { app: "shop", environment: "production", repository: "acme/shop" },
  };
}

async function exec(
  command: RemoteCommand<unknown>,
  cwd: string,
  payload?: AsyncIterable<Uint8Array>,
): Promise<Sample> {
  const { line, input } = render(command);
  return run(
    ["/bin/sh", "-c", line],
    cwd,
    (async function* () {
      yield input;
      if (payload !== undefined) yield* payload;
    })(),
  );
}

async function run(
  [program = "", ...args]: readonly string[],
  cwd: string,
  input: AsyncIterable<Uint8Array> = (async function* () {})(),
): Promise<Sample> {
  const [before, began] = [childrenTime(), performance.now()];
  const child = spawn(program, args, { cwd, stdio: ["pipe", "pipe", "inherit"] });
  const output = text(child.stdout);
  const closed = once(child, "close");
  await pipeline(input, child.stdin);
  const [code] = await closed;
  if (code !== 0) throw new Error(`${code}: ${await output}`);
  return { seconds: (performance.now() - began) / 1000, cpu: childrenTime() - before };
}

/** Seconds of all processes that ended below this one; proc(5), in ticks of 10 ms. */
function childrenTime(): number {
  const fields = readFileSync("/proc/self/stat", "utf8").replace(/.*\) /, "").split(" ").map(Number);
  return ((fields[13] ?? 0) + (fields[14] ?? 0)) / 100;
}

function told(
  app: string,
  unchanged: string,
  verify: string,
  received: readonly Sample[],
  finished: readonly Sample[],
): void {
  const cells = [received, finished].flatMap((all) =>
    all.length === 0
      ? []
      : [
          median(all.map(({ seconds }) => seconds))
            .toFixed(2)
            .padStart(9),
          median(all.map(({ cpu }) => cpu))
            .toFixed(2)
            .padStart(8),
        ],
  );
  console.log([app.padEnd(13), unchanged.padEnd(11), verify.padEnd(9), ...cells].join(""));
}

function writeApp(root: string, files: number, kilobytes: number): readonly string[] {
  return Array.from({ length: files }, (_, file) => {
    const folder = `part${Math.floor(file / 50)}`;
    if (file % 50 === 0) mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, `module${file}.js`), bytes(kilobytes, file));
    return join(folder, `module${file}.js`);
  });
}

function bytes(kilobytes: number, seed: number): Buffer {
  return Buffer.alloc(kilobytes * 1000, `export const value${seed} = ${(seed * 7919).toString(36)};\n`);
}

function median(all: readonly number[]): number {
  return [...all].sort((one, other) => one - other)[Math.floor(all.length / 2)] ?? Number.NaN;
}
