import { DeployError, type ErrorCode, type Host } from "@deploy/core";

/** How far a connection had come. */
export type Stage = "tcp" | "banner" | "handshake" | "auth";

/** What is known of a failed attempt to connect. */
export interface Attempt {
  readonly host: Host;
  readonly stage: Stage;
  /** Milliseconds allowed for the whole attempt. */
  readonly timeout: number;
  /** What was offered to log in with: `ssh-ed25519 SHA256:…`, or `the keys of the agent`. */
  readonly offered: string;
}

/** Only a server that hung up before its banner (MaxStartups) may be asked again: nothing was begun. */
export function isBusy(error: DeployError): boolean {
  return error.problem.code === "connect-closed";
}

/** One code for each cause, with the host, what happened and what to do. */
export function connectError(error: unknown, attempt: Attempt): DeployError {
  const { host } = attempt;
  const { code, level, message } = errorOf(error);
  const [problem, what, hint] = tell(code, level, message, attempt);
  return new DeployError(problem, what, {
    ...(hint === undefined ? {} : { hint }),
    place: { host: host.name },
    cause: error,
  });
}

type Told = readonly [ErrorCode, string, string?];

function tell(code: string, level: string, message: string, attempt: Attempt): Told {
  const { host, stage, timeout } = attempt;
  const at = `${host.address} port ${host.port}`;
  if (level === "client-timeout" || code === "ETIMEDOUT") return timedOut(attempt);
  if (level === "client-authentication") return authRefused(attempt);
  if (level === "agent") return ["agent-unavailable", `The ssh-agent failed: ${message}`];
  if (code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "EAI_NODATA")
    return ["connect-dns", `The name ${host.address} could not be resolved (${code})`];
  if (code === "ECONNREFUSED") return ["connect-refused", `${at} refused the connection`];
  if (["EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"].includes(code))
    return ["connect-unreachable", `There is no route to ${at} (${code})`];
  if (stage === "banner" && (isHangUp(code) || /before handshake/.test(message)))
    return ["connect-closed", `${at} closed the connection before it said who it is`];
  if (stage === "auth" && isHangUp(code)) return authRefused(attempt);
  if (level === "handshake" || level === "protocol" || stage === "handshake")
    return ["handshake-failed", `The SSH handshake with ${at} failed: ${message}`];
  return ["connect-failed", `The connection to ${at} failed within ${timeout / 1000} s: ${message}`];
}

const isHangUp = (code: string): boolean => ["ECONNRESET", "EPIPE", "ECLOSED"].includes(code);

function timedOut({ host, stage, timeout }: Attempt): Told {
  const at = `${host.address} port ${host.port}`;
  if (stage === "tcp")
    return [
      "connect-timeout",
      `${at} did not answer within ${timeout / 1000} s (firewall, or a wrong port?)`,
    ];
  const until = stage === "banner" ? "it never said who it is" : `it stopped at the ${stage} stage`;
  return [
    "handshake-stalled",
    `${at} took the connection but did not finish within ${timeout / 1000} s: ${until}`,
  ];
}

function authRefused({ host, offered }: Attempt): Told {
  return [
    "auth-refused",
    `${host.name} refused the user ${host.username} with ${offered}`,
    `Add the public key to ~/.ssh/authorized_keys of ${host.username} on ${host.address} ` +
      "(the file and its folder writable by nobody else), or correct the username or the key.",
  ];
}

function errorOf(error: unknown): { code: string; level: string; message: string } {
  const found = error as { code?: unknown; level?: unknown; message?: unknown };
  return {
    code: typeof found?.code === "string" ? found.code : "",
    level: typeof found?.level === "string" ? found.level : "",
    message: typeof found?.message === "string" ? found.message : String(error),
  };
}
