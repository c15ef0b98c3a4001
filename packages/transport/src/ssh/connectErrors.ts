import { DeployError, type ErrorCode, type Host } from "@deploy/core";
import { Unreached } from "./dial.ts";
import type { Offer } from "./offer.ts";

/** How far a connection had come. */
export type Stage = "tcp" | "banner" | "handshake" | "auth";

/** What is known of a failed attempt to connect. */
export interface Attempt {
  readonly host: Host;
  readonly stage: Stage;
  /** Milliseconds allowed for TCP, and for the rest. */
  readonly timeout: number;
  readonly offer: Pick<Offer, "words" | "taken" | "left">;
  /** The one of the host's addresses that took the connection. */
  readonly address?: string;
}

/** Only a server that hung up before its banner (MaxStartups) may be asked again: nothing was begun. */
export function isBusy(error: DeployError): boolean {
  return error.problem.code === "connect-closed";
}

/** One code for each cause, with the host, what happened and what to do. */
export function connectError(error: unknown, attempt: Attempt): DeployError {
  const { host } = attempt;
  const { code, level, message } = errorOf(error);
  const [problem, what, hint] =
    error instanceof Unreached ? unreached(error, attempt) : tell(code, level, message, attempt);
  return new DeployError(problem, what, {
    ...(hint === undefined ? {} : { hint }),
    place: { host: host.name },
    cause: error,
  });
}

type Told = readonly [ErrorCode, string, string?];

function tell(code: string, level: string, message: string, attempt: Attempt): Told {
  const { host, stage, timeout } = attempt;
  const at = placeOf(attempt);
  if (level === "client-timeout" || code === "ETIMEDOUT") return timedOut(attempt);
  if (level === "client-authentication") return authRefused(attempt);
  if (/too many authentication failures/i.test(message)) return tooManyKeys(attempt);
  if (level === "agent") return ["agent-unavailable", `The ssh-agent failed: ${message}`];
  if (code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "EAI_NODATA")
    return ["connect-dns", `The name ${host.address} could not be resolved (${code})`];
  if (stage === "banner" && (isHangUp(code) || /before handshake/.test(message)))
    return ["connect-closed", `${at} closed the connection before it said who it is`];
  if (stage === "auth" && isHangUp(code)) return authRefused(attempt);
  if (level === "handshake" || level === "protocol" || stage === "handshake")
    return ["handshake-failed", `The SSH handshake with ${at} failed: ${message}`];
  return ["connect-failed", `The connection to ${at} failed within ${timeout / 1000} s: ${message}`];
}

const isHangUp = (code: string): boolean => ["ECONNRESET", "EPIPE", "ECLOSED"].includes(code);

/** Why a code of the system ended it at one address, the most telling first. */
const ways: readonly (readonly [ErrorCode, readonly string[], (timeout: number) => string])[] = [
  ["connect-refused", ["ECONNREFUSED"], () => "refused the connection"],
  [
    "connect-timeout",
    ["ETIMEDOUT"],
    (timeout) => `did not answer within ${timeout / 1000} s (firewall, or a wrong port?)`,
  ],
  [
    "connect-unreachable",
    ["EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL", "EACCES"],
    () => "has no route from here",
  ],
];

/** Every address with what became of it; the code is that of the address that came furthest. */
function unreached({ tried }: Unreached, attempt: Attempt): Told {
  const { host, timeout } = attempt;
  const [problem] = ways.find(([, codes]) => tried.some(({ code }) => codes.includes(code))) ?? [
    "connect-failed",
  ];
  const saidOf = (code: string) =>
    ways.find(([, codes]) => codes.includes(code))?.[2](timeout) ?? `failed (${code})`;
  const [first] = tried;
  if (first !== undefined && tried.length === 1)
    return [problem, `${placeOf({ ...attempt, address: first.address })} ${saidOf(first.code)}`];
  const each = tried.map(({ address, code }) => `${address} ${saidOf(code)}`).join("; ");
  const hint =
    `Try each from the same place, as in \`ssh -p ${host.port} ${host.username}@${first?.address}\`. ` +
    "An address that leads nowhere is taken out of DNS, or the right one is written as the host's address.";
  return [problem, `${host.address} port ${host.port} was reached at none of its addresses: ${each}`, hint];
}

function placeOf({ host, address = host.address }: Attempt): string {
  return `${host.address} port ${host.port}${address === host.address ? "" : ` (${address})`}`;
}

function timedOut(attempt: Attempt): Told {
  const { stage, timeout } = attempt;
  const until = stage === "banner" ? "it never said who it is" : `it stopped at the ${stage} stage`;
  return [
    "handshake-stalled",
    `${placeOf(attempt)} took the connection but did not finish within ${timeout / 1000} s: ${until}`,
  ];
}

function authRefused(attempt: Attempt): Told {
  const { host, offer } = attempt;
  const { taken, left = [] } = offer;
  if (taken)
    return [
      "auth-refused",
      `${host.name} took a key of the user ${host.username} and asks for more (${left.join(", ") || "a second factor"})`,
      "Nobody is there to type a second factor: let this user log in by key alone, in the server's sshd_config " +
        `(\`Match User ${host.username}\`, \`AuthenticationMethods publickey\`).`,
    ];
  if (left.length > 0 && !left.includes("publickey"))
    return [
      "auth-refused",
      `${host.name} takes no keys from the user ${host.username}, only ${left.join(", ")}`,
      "Allow them in the server's sshd_config (`PubkeyAuthentication yes`, and `AuthenticationMethods publickey` for this user).",
    ];
  return [
    "auth-refused",
    `${host.name} refused the user ${host.username} with ${offer.words}`,
    `Add the public key to ~/.ssh/authorized_keys of ${host.username} on ${host.address} ` +
      "(the file and its folder writable by nobody else), or correct the username or the key.",
  ];
}

function tooManyKeys({ host, offer }: Attempt): Told {
  return [
    "auth-refused",
    `${host.name} hung up before all was tried that ${host.username} has to log in with: ${offer.words} (MaxAuthTries)`,
    "Name the one key: `--identity-file KEY.pub` picks it from the agent, or give the private key itself.",
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
