// npm run bench:pack [-- --rounds 5] [--many 100000]
// Packing a release, as a job does that hands it over (`file`) and as a desk does that sends it itself (`late`), there again with nothing changed (`again`), beside `tar --zstd`
// and `tar -z` of the same folder, in turns, in one run; ours in a new process each time, counted from when its code is loaded (bench:start counts that). Two applications: 1,900 files
// of 10 kB, and many of 2 kB. Peak is the process's largest resident memory, when packed late.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { packArtifact } from "@deploy/artifact";
import { shape, writeApp } from "./tree.ts";
import { spawnTimed } from "./upload/spawn.ts";
import type { Sample } from "./upload/types.ts";

const { values, positionals } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, many: { type: "string", default: "100000" } },
  allowPositionals: true,
});
const [root, directory, folder] = positionals;
if (root !== undefined && directory !== undefined) {
  const began = performance.now();
  const before = process.cpuUsage();
  const late = folder === undefined ? {} : { late: true, last: { folder } };
  await packArtifact({ root, exclude: [], shared: [], time: 1_700_000_000, directory, ...late });
  const { user, system } = process.cpuUsage(before);
  const peak = process.resourceUsage().maxRSS / 1024;
  const sample: Sample = { seconds: (performance.now() - began) / 1000, cpu: (user + system) / 1e6, peak };
  writeFileSync(join(directory, "sample"), JSON.stringify(sample));
} else {
  await compare();
}

async function compare(): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "deploy-packing-"));
  try {
    for (const name of ["app", "many"]) mkdirSync(join(work, `last-${name}`));
    await writeApp(join(work, "app"));
    writeMany(join(work, "many"), Number(values.many));
    const lines = [await line(work, "app", shape.files), await line(work, "many", Number(values.many))];
    console.log(`median of ${values.rounds}, and the median of the ratios of each turn`);
    console.log(
      "files        file  CPU s   late  CPU s  peak MB  again  tar --zstd  file ÷  late ÷  tar -z  file ÷",
    );
    for (const text of lines) console.log(text);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function line(work: string, folder: string, files: number): Promise<string> {
  const columns: readonly [Sample[], Sample[], Sample[], Sample[], Sample[]] = [[], [], [], [], []];
  const [file, late, again, zstd, gzip] = columns;
  // One turn that does not count: what is read then lies in memory for all.
  for (let round = 0; round <= Number(values.rounds); round++) {
    const taken = await turn(work, folder);
    if (round === 0) continue;
    for (const [at, list] of columns.entries()) list.push(taken[at] as Sample);
  }
  const ratio = (ours: readonly Sample[], theirs: readonly Sample[]) =>
    median(ours.map(({ seconds }, at) => seconds / (theirs[at]?.seconds ?? 0)));
  const middle = (list: readonly Sample[], of: "seconds" | "cpu" | "peak" = "seconds") =>
    median(list.map((one) => one[of] ?? 0));
  const cells: readonly (readonly [number, number])[] = [
    [middle(file), 9],
    [middle(file, "cpu"), 7],
    [middle(late), 7],
    [middle(late, "cpu"), 7],
    [middle(late, "peak"), 9],
    [middle(again), 7],
    [middle(zstd), 12],
    [ratio(file, zstd), 8],
    [ratio(late, zstd), 8],
    [middle(gzip), 8],
    [ratio(file, gzip), 8],
  ];
  return String(files).padEnd(8) + cells.map(([value, width]) => value.toFixed(2).padStart(width)).join("");
}

async function turn(work: string, folder: string): Promise<readonly Sample[]> {
  const packed = mkdtempSync(join(work, "packed-"));
  const self = fileURLToPath(import.meta.url);
  const ours = [process.execPath, "--disable-warning=ExperimentalWarning", self, join(work, folder), packed];
  const tar = (...how: readonly string[]) => [
    "tar",
    "-C",
    join(work, folder),
    ...how,
    join(packed, "tar"),
    ".",
  ];
  const sampleOf = async (command: readonly string[]) => {
    await spawnTimed(command, work);
    return JSON.parse(readFileSync(join(packed, "sample"), "utf8")) as Sample;
  };
  const last = join(work, `last-${folder}`);
  rmSync(join(last, "index.json"), { force: true });
  const taken = [await sampleOf(ours), await sampleOf([...ours, last]), await sampleOf([...ours, last])];
  taken.push(await spawnTimed(tar("--zstd", "-cf"), work), await spawnTimed(tar("-czf"), work));
  rmSync(packed, { recursive: true });
  return taken;
}

/** Fifty files a folder, of 2 kB that compress as source text does. */
function writeMany(folder: string, files: number): void {
  let seed = 1;
  for (let file = 0; file < files; file++) {
    const parent = join(folder, `part${Math.floor(file / 50)}`);
    if (file % 50 === 0) mkdirSync(parent, { recursive: true });
    let text = "";
    while (text.length < 2_000) {
      seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
      text += `export const value${seed % 9_973} = ${seed.toString(36)};\n`;
    }
    writeFileSync(join(parent, `module${file}.js`), text);
  }
}

function median(all: readonly number[]): number {
  return [...all].sort((one, other) => one - other)[Math.floor(all.length / 2)] ?? Number.NaN;
}
