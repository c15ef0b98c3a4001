// npm run bench:backup -- [--small 100] [--large 1000] [--rounds 3] [--large-rounds 1]
// One PostgreSQL, one sshd, one S3 server: a proved backup against `pg_dump -Fc | age | aws s3 cp`, in turn, in one run; then the
// way back of the large one. Sizes in MB of the plain dump.
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { type Answer, runOurs } from "./child.ts";
import { type Ground, openGround } from "./ground.ts";
import { runPlain } from "./plain.ts";

const { values } = parseArgs({
  options: {
    small: { type: "string", default: "100" },
    large: { type: "string", default: "1000" },
    rounds: { type: "string", default: "3" },
    "large-rounds": { type: "string", default: "1" },
  },
});
/** Bytes of a row in a plain dump, about. */
const rowSize = 190;
const ways = ["ssh", "local"] as const;

interface Round {
  readonly ours: Answer;
  /** Seconds. */
  readonly plain: number;
  readonly plainZstd: number;
}

const ground = await openGround();
try {
  console.log(`Node ${process.versions.node}, ${availableParallelism()} cores, load ${load()}`);
  const small = await compare(ground, "small", Number(values.small), Number(values.rounds));
  const large = await compare(ground, "large", Number(values.large), Number(values["large-rounds"]));
  const [one, other] = [small, large].map((answers) => middle(answers.map(({ peak }) => peak)));
  console.log(
    `memory: ${one?.toFixed(0)} MB for the small, ${other?.toFixed(0)} MB for the large, ratio ${((other ?? 0) / (one ?? 1)).toFixed(2)} (aim: within 1.10)`,
  );
  await bringBack(ground, large.at(-1) as Answer);
} finally {
  await ground.close();
}

/** The answers over ssh. */
async function compare(
  on: Ground,
  name: string,
  megabytes: number,
  rounds: number,
): Promise<readonly Answer[]> {
  await on.fill(name, Math.round((megabytes * 1e6) / rowSize));
  const over: Record<(typeof ways)[number], Round[]> = { ssh: [], local: [] };
  for (let round = 0; round < rounds; round++) {
    for (const way of ways) {
      const ours = await runOurs(on, name, { over: way });
      const plain = await runPlain(on, name, { over: way });
      over[way].push({ ours, plain, plainZstd: await runPlain(on, name, { over: way, zstd: true }) });
    }
  }
  const keyed = await runOurs(on, name, { over: "ssh", identity: on.identity });
  for (const way of ways) tell(name, way, over[way]);
  const { plain, stored, took } = keyed.manifest;
  console.log(
    `  ${mb(plain.size)} MB dump, ${mb(stored.size)} MB stored; with the key, verification (decrypt, unpack, hash) takes ${(took.verify / 1000).toFixed(1)} s; load ${load()}`,
  );
  return over.ssh.map(({ ours }) => ours);
}

function tell(name: string, way: string, rounds: readonly Round[]): void {
  const of = (read: (round: Round) => number): number => middle(rounds.map(read));
  const dump = of(({ ours }) => ours.manifest.took.dump / 1000);
  const whole = of(({ ours }) => ours.seconds);
  const verify = of(({ ours }) => ours.manifest.took.verify / 1000);
  const [plain, zstd] = [of((round) => round.plain), of((round) => round.plainZstd)];
  const against = (seconds: number): string =>
    `${seconds.toFixed(1)} s (ratio: dump and upload ${(dump / seconds).toFixed(2)}, whole ${(whole / seconds).toFixed(2)})`;
  console.log(
    `${name} over ${way}: dump and upload ${dump.toFixed(1)} s, read back ${verify.toFixed(1)} s, whole ${whole.toFixed(1)} s`,
  );
  console.log(`  pg_dump -Fc | age | aws s3 cp: ${against(plain)}; aim 1.10 without verification`);
  console.log(`  pg_dump -Fc -Z0 | zstd | age | aws s3 cp: ${against(zstd)}`);
  console.log(
    `  our process: CPU ${of(({ ours }) => ours.cpu).toFixed(1)} s, peak ${of(({ ours }) => ours.peak).toFixed(0)} MB`,
  );
}

/** Drops it, restores it under its own name, and compares every row. */
async function bringBack(on: Ground, { manifest }: Answer): Promise<void> {
  const before = await on.sum("large");
  await on.postgres.ask("postgres", "drop database large;");
  const { seconds, peak } = await runOurs(on, "large", {
    ...{ over: "ssh", identity: on.identity },
    restore: { backup: manifest, name: "large" },
  });
  const after = await on.sum("large");
  console.log(
    `way back of the large: ${seconds.toFixed(1)} s, peak ${peak.toFixed(0)} MB, rows and bytes ${after === before ? "the same" : `DIFFER: ${before} and ${after}`}`,
  );
  if (after !== before) process.exitCode = 1;
}

function middle(numbers: readonly number[]): number {
  return [...numbers].sort((one, other) => one - other)[Math.floor((numbers.length - 1) / 2)] ?? 0;
}

function mb(size: number): string {
  return (size / 1e6).toFixed(0);
}

function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}
