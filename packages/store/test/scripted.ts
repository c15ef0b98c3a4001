import { problemOf } from "@deploy/core";
import { afterAll, beforeAll } from "@jest/globals";
import { type S3Options, type Store, s3Store } from "../src/index.ts";
import type { S3Tuning } from "../src/s3/tuning.ts";
import { type Fault, type Front, front, refusal, type Seen } from "./front.ts";

export const fine: Fault = { status: 200, headers: { etag: '"tag"' } };
export const denied = (code: string): Fault => refusal(403, code);
export const mebibyte = 1 << 20;
const quick = { pause: 1, attempts: 3, part: 5 * mebibyte };
/** For a server that hangs, in milliseconds. Any other answer is waited for, however busy this machine is. */
export const hasty = { silence: 800 };

/** A store whose server answers as each test tells it. */
export interface Scripted {
  readonly server: Front;
  /** How often the store that was opened last asked for credentials; they are new each time: key1, key2... */
  asked(): number;
  open(options?: Partial<S3Options>, tuning?: Partial<S3Tuning>): Store;
  /** The problem that the work ends with, and what was sent before. */
  failing(
    fault: (seen: Seen, index: number) => Fault | undefined,
    work: () => Promise<unknown>,
  ): Promise<Failed>;
}

interface Failed {
  readonly problem: ReturnType<typeof problemOf> | undefined;
  readonly lines: string[];
}

/** To be called at the head of a test file. */
export function scripted(): Scripted {
  let server: Front;
  let asked = 0;
  beforeAll(async () => {
    server = await front();
  });
  afterAll(() => server.close());
  const credentials = async () => ({ accessKeyId: `key${++asked}`, secretAccessKey: "secret" });
  return {
    get server() {
      return server;
    },
    asked: () => asked,
    open: (options = {}, tuning = {}) => {
      asked = 0;
      const { endpoint } = server;
      const where = { bucket: "cdn-bucket", prefix: "shop", endpoint, credentials, ...options };
      return s3Store(where, { ...quick, ...tuning });
    },
    failing: async (fault, work) => {
      server.use(fault);
      const problem = await work().then(() => undefined, problemOf);
      return { problem, lines: server.lines() };
    },
  };
}
