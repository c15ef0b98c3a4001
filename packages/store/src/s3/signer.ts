import { createHmac, hash } from "node:crypto";
import type { AwsKeys } from "../types.ts";

/** The parts of the SDK's request that are signed. */
export interface Signable {
  readonly protocol?: string;
  readonly method: string;
  readonly hostname: string;
  readonly port?: number;
  /** Percent-encoded, as it is sent. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  headers: Record<string, string>;
  readonly body?: unknown;
}

export interface Signing {
  readonly signingDate: Date;
  readonly signingRegion: string;
  /** `s3` unless told. */
  readonly signingService?: string;
}

const algorithm = "AWS4-HMAC-SHA256";
const unsigned = "UNSIGNED-PAYLOAD";

/**
 * Signature version 4 for S3 and others of AWS, with headers or, for an address, with its query. The SDK's own signer takes a quarter of a small upload's time (it copies the whole client
 * configuration for each request and hashes bodies a second time); this one gives the same signature.
 * docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function awsSigner(keys: () => Promise<AwsKeys>, knownHash: (body: object) => string | undefined) {
  let last: { from: string; key: Buffer } = { from: "", key: Buffer.alloc(0) };
  const signingKey = (secret: string, scope: string) => {
    const from = `${secret}/${scope}`;
    if (last.from !== from) last = { from, key: deriveKey(secret, scope) };
    return last.key;
  };
  const signatureOf = (secret: string, text: string, { date, scope }: Scope) => {
    const toSign = `${algorithm}\n${date}\n${scope}\n${hash("sha256", text, "hex")}`;
    return hmac(signingKey(secret, scope), toSign).toString("hex");
  };
  return {
    async sign<T extends Signable>(request: T, signing: Signing): Promise<T> {
      const { accessKeyId, secretAccessKey, sessionToken } = await keys();
      const scope = scopeOf(signing);
      const { headers } = request;
      headers.host ??= hostOf(request);
      headers["x-amz-date"] = scope.date;
      headers["x-amz-content-sha256"] ??= bodyHash(request.body, knownHash);
      if (sessionToken !== undefined) headers["x-amz-security-token"] = sessionToken;
      const { text, names } = canonicalRequest(request);
      const signature = signatureOf(secretAccessKey, text, scope);
      headers.authorization = `${algorithm} Credential=${accessKeyId}/${scope.scope}, SignedHeaders=${names}, Signature=${signature}`;
      return request;
    },
    /**
     * The request as an address that anybody may use for so many seconds; the host is the only header that is signed.
     * docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
     */
    async presign(request: Signable, signing: Signing, seconds: number): Promise<string> {
      const { accessKeyId, secretAccessKey, sessionToken } = await keys();
      const scope = scopeOf(signing);
      const query = {
        ...request.query,
        "X-Amz-Algorithm": algorithm,
        "X-Amz-Credential": `${accessKeyId}/${scope.scope}`,
        "X-Amz-Date": scope.date,
        "X-Amz-Expires": String(seconds),
        "X-Amz-SignedHeaders": "host",
        ...(sessionToken === undefined ? {} : { "X-Amz-Security-Token": sessionToken }),
      };
      const host = hostOf(request);
      const { text } = canonicalRequest({ ...request, query, headers: { host } }, unsigned);
      const signature = signatureOf(secretAccessKey, text, scope);
      const { protocol = "https:", path } = request;
      return `${protocol}//${host}${path}?${canonicalQuery(query)}&X-Amz-Signature=${signature}`;
    },
  };
}

interface Scope {
  readonly date: string;
  /** Day, region and service. */
  readonly scope: string;
}

function scopeOf({ signingDate, signingRegion, signingService = "s3" }: Signing): Scope {
  const date = signingDate.toISOString().replace(/[-:]|\.\d+/g, "");
  return { date, scope: `${date.slice(0, 8)}/${signingRegion}/${signingService}/aws4_request` };
}

function hostOf({ hostname, port }: Signable): string {
  return port === undefined ? hostname : `${hostname}:${port}`;
}

/** Everything but what a proxy may change on the way. */
const signed = /^(host|content-type|content-md5|range|if-|x-amz-)/;

/** The request in the form that is hashed, and the names of its signed headers. */
export function canonicalRequest(
  request: Signable,
  payload = request.headers["x-amz-content-sha256"],
): { text: string; names: string } {
  const headers = Object.entries(request.headers)
    .map(([name, value]): [string, string] => [name.toLowerCase(), value.trim().replace(/\s+/g, " ")])
    .filter(([name]) => signed.test(name))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const names = headers.map(([name]) => name).join(";");
  const lines = headers.map(([name, value]) => `${name}:${value}\n`).join("");
  const { method, path, query = {} } = request;
  return { text: `${method}\n${path}\n${canonicalQuery(query)}\n${lines}\n${names}\n${payload}`, names };
}

function canonicalQuery(query: NonNullable<Signable["query"]>): string {
  return Object.entries(query)
    .flatMap(([name, value]) =>
      value === null ? [] : [value].flat().map((one) => `${percent(name)}=${percent(one)}`),
    )
    .sort()
    .join("&");
}

export function percent(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function bodyHash(body: unknown, known: (body: object) => string | undefined): string {
  if (body === undefined || body === null || body === "") return hash("sha256", "", "hex");
  if (typeof body === "string") return hash("sha256", body, "hex");
  if (body instanceof Uint8Array) return known(body) ?? hash("sha256", body, "hex");
  return unsigned;
}

function deriveKey(secret: string, scope: string): Buffer {
  return scope.split("/").reduce<Buffer>((key, text) => hmac(key, text), Buffer.from(`AWS4${secret}`));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
