/** What went wrong, taken from whatever the SDK threw. */
export interface Failure {
  /** S3's error code, or the HTTP status where the answer had no body (HEAD), or the system's code of a broken connection. */
  readonly name: string;
  /** HTTP status; undefined: no answer came. */
  readonly status: number | undefined;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The SDK learned from the answer that this machine's clock is wrong, and signs with the server's time from now on. */
  readonly clockMended: boolean;
  /** The region S3 says the bucket is in. */
  readonly region: string | undefined;
}

interface Thrown {
  readonly name?: string;
  readonly code?: unknown;
  readonly Code?: unknown;
  readonly Region?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly clockSkewCorrected?: boolean };
  readonly $response?: { readonly statusCode?: number; readonly headers?: Record<string, string> };
  readonly cause?: unknown;
}

export function readFailure(error: unknown): Failure {
  const thrown = (typeof error === "object" && error !== null ? error : { message: String(error) }) as Thrown;
  const { $metadata, $response, message = "" } = thrown;
  const headers = $response?.headers ?? {};
  return {
    name: nameOf(thrown, message),
    status: $metadata?.httpStatusCode ?? $response?.statusCode,
    message,
    headers,
    clockMended: $metadata?.clockSkewCorrected === true,
    region: thrown.Region ?? headers["x-amz-bucket-region"],
  };
}

function nameOf({ Code, name = "Error", code, cause }: Thrown, message: string): string {
  if (typeof Code === "string") return Code;
  if (name !== "Error") return name;
  return (typeof code === "string" ? code : codeOf(cause)) ?? wrapped(message) ?? name;
}

/** The SDK puts errors of another realm (a module loader's sandbox) in words, and drops their code. */
function wrapped(message: string): string | undefined {
  const words = /^AWS SDK error wrapper for (.*)$/s.exec(message)?.[1];
  return words === undefined
    ? undefined
    : (/\b(TimeoutError|E[A-Z]{4,})\b/.exec(words)?.[1] ?? hungUp(words));
}

function hungUp(words: string): string | undefined {
  return words.includes("socket hang up") ? "ECONNRESET" : undefined;
}

function codeOf(cause: unknown): string | undefined {
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : undefined;
}

/** `again`: the same request may succeed; `renew`: with fresh credentials; `clock`: with the server's time; `final`: never. */
export type Verdict = "again" | "renew" | "clock" | "final";

const throttled = [
  "SlowDown",
  "SlowDownRead",
  "SlowDownWrite",
  "TooManyRequests",
  "Throttling",
  "ThrottlingException",
];
const passing = [
  "InternalError",
  "ServiceUnavailable",
  "RequestTimeout",
  "OperationAborted",
  "ConditionalRequestConflict",
];
// The bytes that came are not those that were signed: they were changed on the way, and are sent again.
const corrupted = [
  "BadDigest",
  "XAmzContentSHA256Mismatch",
  "XAmzContentChecksumMismatch",
  "IncompleteBody",
  "ContentSHA256Mismatch",
];
const broken = [
  ...[
    "ECONNRESET",
    "ECONNREFUSED",
    "ECONNABORTED",
    "EPIPE",
    "ETIMEDOUT",
    "EAI_AGAIN",
    "ENETUNREACH",
    "EHOSTUNREACH",
  ],
  ...["TimeoutError", "ERR_STREAM_PREMATURE_CLOSE", "HPE_INVALID_CONSTANT", "HPE_INVALID_EOF_STATE"],
];
const repeatable = new Set([...throttled, ...passing, ...corrupted, ...broken]);
const repeatableStatus = new Set([429, 500, 502, 503, 504]);
const expired = new Set(["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"]);

export function judge(failure: Failure): Verdict {
  const { name, status } = failure;
  if (expired.has(name)) return "renew";
  if (name === "RequestTimeTooSkewed" || (status === 403 && failure.clockMended)) return "clock";
  if (repeatable.has(name) || isPassing(status)) return "again";
  // An answer to HEAD has no body, so expired credentials look like any bad request.
  return status === 400 && isBare(name) ? "renew" : "final";
}

/** The same request may succeed a little later. */
export function isPassing(status: number | undefined): boolean {
  return status !== undefined && repeatableStatus.has(status);
}

/** Named by nothing but its HTTP status. */
export function isBare(name: string): boolean {
  return /^(\d{3}|BadRequest|Forbidden|UnknownError|Unknown|Error|MovedPermanently)$/.test(name);
}
