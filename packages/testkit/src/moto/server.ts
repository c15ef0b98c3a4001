import { tmpdir } from "node:os";
import { pathOfPart } from "../parts.ts";
import { startProcess } from "../started.ts";

/** moto's server: S3, STS, CloudFront and other AWS services, in memory. */
export interface MotoServer {
  /** The endpoint of every service. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts it on a free port of the loopback; part `moto_server`. It ends with this process at the latest. */
export async function motoServer(): Promise<MotoServer> {
  const program = pathOfPart("moto_server");
  if (program === undefined) throw new Error("moto_server is not installed");
  const argv = [program, "-H", "127.0.0.1", "-p", "0"];
  const { PATH = "", HOME = "" } = process.env;
  const started = await startProcess(process.platform === "linux" ? [...endsWithUs, ...argv] : argv, {
    cwd: tmpdir(),
    env: { PATH, HOME, PYTHONUNBUFFERED: "1" },
  });
  try {
    const [, url = ""] = await started.until(/Running on (http:\/\/127\.0\.0\.1:\d+)/);
    return { url, stop: () => started.stop() };
  } catch (error) {
    await started.stop();
    throw error;
  }
}

const endsWithUs = ["setpriv", "--pdeathsig", "KILL"];
