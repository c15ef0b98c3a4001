import { tmpdir } from "node:os";
import { pathOfPart } from "../parts.ts";
import { startProcess } from "../started.ts";

/** moto's server: S3, STS, CloudFront and other AWS services, in memory. */
export interface MotoServer {
  /** The endpoint of every service. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts it on a free port of the loopback; parts `python3` and `moto_server`.
 * It ends with this process at the latest.
 */
export async function motoServer(): Promise<MotoServer> {
  const python = pathOfPart("python3");
  if (python === undefined || pathOfPart("moto_server") === undefined)
    throw new Error("moto is not installed");
  const argv = [python, "-c", oneConditionAtATime, "-H", "127.0.0.1", "-p", "0"];
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

/** moto answers in threads, and looks before it writes: of two conditional puts at once both may be written there. */
const oneConditionAtATime = `
import threading
from moto import server

answer, one = server.DomainDispatcherApplication.__call__, threading.Lock()

def call(self, environ, start):
    if "HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MATCH" in environ:
        with one:
            return answer(self, environ, start)
    return answer(self, environ, start)

server.DomainDispatcherApplication.__call__ = call
server.main()
`;
