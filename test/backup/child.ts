import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Host } from "@deploy/core";
import type { Source } from "@deploy/remote";
import type { AwsKeys } from "@deploy/store";
import { compileCache, type Stage } from "@deploy/testkit";

export interface RunnerSettings {
  readonly s3: {
    readonly bucket: string;
    readonly region: string;
    readonly endpoint: string;
    readonly keys: AwsKeys;
  };
  readonly host: Host;
  readonly knownHosts: string;
  readonly privateKey: string;
  readonly recipient: string;
  /** Without a password: it is told as JSON. */
  readonly source: Source;
  readonly hold: boolean;
}

export interface Runner {
  /** Once it printed this. */
  until(pattern: RegExp): Promise<void>;
  /** As a runner that is lost: nothing of it can say good-bye. */
  kill(): Promise<void>;
}

export async function startRunner(stage: Stage, source: Source, hold: boolean): Promise<Runner> {
  const { bucket, region, endpoint } = stage.s3;
  const settings: RunnerSettings = {
    s3: { bucket, region, endpoint, keys: await stage.s3.credentials() },
    ...{ host: stage.host.host, ...stage.ssh, recipient: stage.recipient, source, hold },
  };
  const argv = ["--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...argv, join(import.meta.dirname, "runner.ts")], {
    stdio: "pipe",
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...compileCache },
  });
  child.stdin.end(JSON.stringify(settings));
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const gone = new Promise<void>((done) => child.once("close", () => done()));
  return {
    until: (pattern) =>
      new Promise((done, fail) => {
        const look = () => void (pattern.test(said) && done());
        child.stdout.on("data", look);
        void gone.then(() => fail(new Error(`it ended before it printed ${pattern}: ${said}`)));
        look();
      }),
    kill: () => {
      child.kill("SIGKILL");
      return gone;
    },
  };
}
