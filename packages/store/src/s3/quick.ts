import { type Agent, request as httpRequest } from "node:http";
import { request as httpsRequest, type Agent as TlsAgent } from "node:https";
import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import type { How } from "./how.ts";
import { percent, type Signable, type Signing } from "./signer.ts";

/** Where the SDK sent a request to, as its signer saw it. */
interface Sent extends Signable {
  readonly protocol: string;
}

interface Base {
  readonly to: Pick<Sent, "protocol" | "hostname" | "port">;
  /** Path of the bucket: "" or `/bucket`. */
  readonly path: string;
  readonly region: string;
}

interface Tools {
  readonly bucket: string;
  readonly sign: (request: Sent, signing: Signing) => Promise<Sent>;
  readonly now: () => Date;
  readonly agents: { readonly httpAgent: Agent; readonly httpsAgent: TlsAgent };
  readonly silence: number;
}

/**
 * Puts small objects past the SDK, whose machinery costs more time than all the rest (two thirds of a small put). It knows success and
 * nothing else: any other answer is asked for again through the SDK. Where to send to it learns from what the SDK signs.
 */
export class QuickPuts {
  readonly #tools: Tools;
  #base: Base | undefined;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  /** Told of every request that the SDK signs. */
  learn(request: Sent, region: string): void {
    const { bucket } = this.#tools;
    const [inPath, inHost] = [
      request.path.startsWith(`/${bucket}/`),
      request.hostname.startsWith(`${bucket}.`),
    ];
    // Both: nobody can tell here which of them names the bucket. Neither: an endpoint of an unusual form.
    if (this.#base !== undefined || inPath === inHost) return;
    const { protocol, hostname, port } = request;
    this.#base = {
      to: { ...(port === undefined ? {} : { port }), protocol, hostname },
      path: inPath ? `/${bucket}` : "",
      region,
    };
  }

  /** The HTTP status; undefined while it is not known where to send to. */
  async put(input: PutObjectCommandInput, body: Uint8Array, how: How): Promise<number | undefined> {
    if (this.#base === undefined) return undefined;
    const { to, path, region } = this.#base;
    const unsigned = {
      ...to,
      method: "PUT",
      path: path + pathOf(input.Key ?? ""),
      headers: headersOf(input, body),
      body,
    };
    const signing = { signingDate: this.#tools.now(), signingRegion: region };
    return this.#send(await this.#tools.sign(unsigned, signing), body, how);
  }

  #send({ protocol, hostname, port, path, headers }: Sent, body: Uint8Array, how: How): Promise<number> {
    const { agents, silence } = this.#tools;
    const secure = protocol === "https:";
    const [start, agent] = secure ? [httpsRequest, agents.httpsAgent] : [httpRequest, agents.httpAgent];
    const signal = how.abortSignal === undefined ? {} : { signal: how.abortSignal };
    return new Promise((done, fail) => {
      const to = { host: hostname, port, path, method: "PUT", headers, agent, ...signal };
      const sent = start(to, (answer) => {
        answer
          .on("error", fail)
          .on("end", () => done(answer.statusCode ?? 0))
          .resume();
      });
      const late = (after: number) => () =>
        sent.destroy(Object.assign(new Error(`no answer for ${after} ms`), { code: "ETIMEDOUT" }));
      const timer = setTimeout(late(how.requestTimeout), how.requestTimeout);
      sent.setTimeout(silence, late(silence));
      sent
        .on("error", fail)
        .on("close", () => clearTimeout(timer))
        .end(body);
    });
  }
}

function pathOf(key: string): string {
  return `/${key.split("/").map(percent).join("/")}`;
}

function headersOf(input: PutObjectCommandInput, body: Uint8Array): Record<string, string> {
  const {
    ContentType,
    CacheControl,
    ContentEncoding,
    ChecksumCRC32,
    IfNoneMatch,
    IfMatch,
    Metadata = {},
  } = input;
  const headers: Record<string, string> = { "content-length": String(body.length) };
  const given = {
    "content-type": ContentType ?? "application/octet-stream",
    "cache-control": CacheControl,
    "content-encoding": ContentEncoding,
    "x-amz-checksum-crc32": ChecksumCRC32,
    "if-none-match": IfNoneMatch,
    "if-match": IfMatch,
    "x-amz-server-side-encryption": input.ServerSideEncryption,
    "x-amz-server-side-encryption-aws-kms-key-id": input.SSEKMSKeyId,
  };
  for (const [name, value] of Object.entries(given)) if (value !== undefined) headers[name] = value;
  for (const [name, value] of Object.entries(Metadata)) headers[`x-amz-meta-${name.toLowerCase()}`] = value;
  return headers;
}
