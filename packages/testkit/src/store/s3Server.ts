import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { AwsKeys } from "@deploy/store";
import { findFreePort } from "../fleet/fleet.ts";
import { pathOfPart } from "../parts.ts";
import { type Started, startProcess } from "../started.ts";

/** An S3 server of its own: what a client needs to know. */
export interface S3Server extends Started {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  readonly port: number;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Made, and empty. */
  readonly bucket: string;
  /** Where the server keeps its buckets: objects are plain files below `folder/bucket`. */
  readonly folder: string;
  /** The keys as a store wants them. */
  credentials(): Promise<AwsKeys>;
}

const keys = { accessKeyId: "testkit", secretAccessKey: "testkit-secret" };
const bucket = "testkit-bucket";
const region = "us-east-1";

/** Starts versitygw on loopback, with a folder as its disk; `stop` removes the folder too. */
export async function s3Server(): Promise<S3Server> {
  const base = await mkdtemp(join(tmpdir(), "s3-server-"));
  const folder = join(base, "buckets");
  await mkdir(join(folder, bucket), { recursive: true });
  const port = await findFreePort();
  const started = await start(port, folder).catch(() => start(port, folder, join(base, "sidecar")));
  return {
    ...started,
    endpoint: `http://127.0.0.1:${port}`,
    port,
    region,
    accessKey: keys.accessKeyId,
    secretKey: keys.secretAccessKey,
    bucket,
    folder,
    credentials: async () => keys,
    stop: async (signal) => {
      await started.stop(signal);
      await rm(base, { recursive: true, force: true });
    },
  };
}

/** `sidecar`: metadata in files there instead of extended attributes, which not every file system has; several times slower. */
async function start(port: number, folder: string, sidecar?: string): Promise<Started> {
  if (sidecar !== undefined) await mkdir(join(sidecar, bucket), { recursive: true });
  const program = pathOfPart("versitygw") ?? "versitygw";
  const flags = ["--keep-alive", "--quiet", "--noacl", "--port", `127.0.0.1:${port}`, "--region", region];
  const backend = ["posix", ...(sidecar === undefined ? [] : ["--sidecar", sidecar]), folder];
  const root = { ROOT_ACCESS_KEY: keys.accessKeyId, ROOT_SECRET_KEY: keys.secretAccessKey };
  const started = await startProcess([program, ...flags, ...backend], {
    env: { ...root, PATH: process.env.PATH ?? "" },
  });
  await answers(port, started);
  return started;
}

/** Resolves once the port takes connections; rejects with the output when the process ends before. */
async function answers(port: number, { ended, output }: Started): Promise<void> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!(await takes(port))) {
    if (over) throw new Error(`versitygw ended: ${output()}`);
    await pause(20);
  }
}

function takes(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1", () => done(true));
    socket.once("error", () => done(false));
    socket.once("connect", () => socket.destroy());
  });
}
