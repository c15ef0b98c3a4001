import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { BackupManifest } from "@deploy/backup";
import type { Host } from "@deploy/core";
import type { AwsKeys } from "@deploy/store";
import type { Ground } from "./ground.ts";

export interface Settings {
  readonly over: "ssh" | "local";
  readonly s3: {
    readonly bucket: string;
    readonly region: string;
    readonly endpoint: string;
    readonly keys: AwsKeys;
  };
  readonly host: Host;
  readonly knownHosts: string;
  readonly privateKey: string;
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    readonly name: string;
    readonly options: Readonly<Record<string, string>>;
  };
  readonly recipient: string;
  readonly identity?: string;
  readonly restore?: { readonly backup: BackupManifest; readonly name: string };
}

export interface Answer {
  readonly manifest: BackupManifest;
  readonly seconds: number;
  /** Of the process, MB. */
  readonly peak: number;
  /** Of the process, seconds. */
  readonly cpu: number;
}

export async function runOurs(
  ground: Ground,
  name: string,
  more: Pick<Settings, "over" | "identity" | "restore">,
): Promise<Answer> {
  const { postgres, fleet, s3 } = ground;
  const [host] = fleet.hosts;
  if (host === undefined) throw new Error("a fleet of none");
  const settings: Settings = {
    s3: { bucket: s3.bucket, region: s3.region, endpoint: s3.endpoint, keys: await s3.credentials() },
    host: host.host,
    knownHosts: fleet.knownHosts(),
    privateKey: fleet.keys.private,
    server: {
      ...{ host: postgres.socket, port: postgres.port, user: postgres.user, password: postgres.password },
      ...{ name, options: {} },
    },
    recipient: ground.recipient,
    ...more,
  };
  const argv = [join(import.meta.dirname, "ours.ts")];
  const child = spawn(process.execPath, argv, { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(settings));
  return JSON.parse(await text(child.stdout)) as Answer;
}
