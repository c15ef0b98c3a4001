import { DeployError, type ErrorCode, type Host } from "@deploy/core";
import { FTPError } from "basic-ftp";

/** A reply's words, of which a server chooses every letter: one line, without control characters, at most 200 characters. */
function wordsOf({ message }: Error): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
  const line = message.replaceAll(/[\0-\x1f\x7f-\x9f]+/g, " ");
  return line.slice(0, 200).replace(/[. ]+$/, "");
}

/** Replies of RFC 959, 4.2.2: 452 and 552 are of a full disk; many servers say 550 or 451 instead, with words. */
const isFull = ({ code, message }: FTPError): boolean =>
  code === 452 || code === 552 || /no space|quota|disk (is )?full|not enough space/i.test(message);

/** 421: the server ends the connection. Whatever is no reply is a connection that is gone. */
export function ftpError(error: unknown, what: string): DeployError {
  if (error instanceof DeployError) return error;
  if (!(error instanceof FTPError) || error.code === 421)
    return new DeployError("connection-lost", `${what}: ${wordsOf(error as Error)}`);
  return new DeployError(isFull(error) ? "disk-full" : "write-failed", `${what}: ${wordsOf(error)}`, {
    cause: error.code,
  });
}

/** 550 is said of what is not there, and of what may not be touched: only words tell, where they do. */
export function isNothing(error: unknown): boolean {
  return (
    error instanceof FTPError &&
    [450, 550, 553].includes(error.code) &&
    !/denied|not permitted|forbidden|not allowed/i.test(error.message)
  );
}

/** Some say so by 530, as if the password were wrong, by 550, or by 421, as if they were full. */
const wantsTls = (error: unknown): boolean =>
  error instanceof FTPError && /encrypt|cleartext|\b(tls|ssl)\b.*required/i.test(error.message);

/** A server that takes no more connections says 421 before the login, or 530 instead of it. */
export function isLimit(error: unknown): boolean {
  return (
    error instanceof FTPError &&
    !wantsTls(error) &&
    (error.code === 421 || (error.code === 530 && /too many|maximum|limit|connections/i.test(error.message)))
  );
}

const bySystem: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOTFOUND: ["connect-dns", "its name could not be resolved"],
  EAI_AGAIN: ["connect-dns", "its name could not be resolved"],
  ECONNREFUSED: ["connect-refused", "it refused the connection"],
  ETIMEDOUT: ["connect-timeout", "it did not answer in time"],
  EHOSTUNREACH: ["connect-unreachable", "it has no route from here"],
  ENETUNREACH: ["connect-unreachable", "it has no route from here"],
};

/** Why nobody is logged in. */
export function loginError(error: unknown, host: Host): DeployError {
  if (error instanceof DeployError) return error;
  const at = `${host.address} port ${host.port}`;
  const tell = (code: ErrorCode, words: string, hint?: string) =>
    new DeployError(code, words, { place: { host: host.name }, ...(hint === undefined ? {} : { hint }) });
  if (isLimit(error))
    return tell("connections-refused", `${at} takes no more connections: ${wordsOf(error as Error)}`);
  if (host.via === "ftp" && wantsTls(error))
    return tell(
      "handshake-failed",
      `${at} takes nobody without TLS: ${wordsOf(error as Error)}`,
      "Write `via: ftps`.",
    );
  if (error instanceof FTPError && error.code === 530)
    return tell(
      "auth-refused",
      `${host.name} refused the user ${host.username}: ${wordsOf(error)}`,
      badLogin,
    );
  if (error instanceof FTPError)
    return tell("handshake-failed", `${at} did not let us log in: ${wordsOf(error)}`, fits(host));
  const { code = "", message } = error as NodeJS.ErrnoException;
  const [known, words] = bySystem[code] ?? [];
  if (known !== undefined)
    return tell(known, `${at}: ${words}`, known === "connect-refused" ? fits(host) : undefined);
  if (/timeout/i.test(message)) return tell("connect-timeout", `${at} did not answer in time`, fits(host));
  return tell("handshake-failed", `${at} did not let us log in: ${wordsOf(error as Error)}`, fits(host));
}

const badLogin =
  "Check username and password (DEPLOY_FTP_PASSWORD, or `ftp-password`); some hosters have a login for FTP apart.";

function fits({ via }: Host): string {
  if (via === "ftps-implicit")
    return "Most servers want `via: ftps`, on port 21; few have TLS from the first byte, on 990.";
  return "Check the port, and ask the hoster which of `via: ftps`, `ftps-implicit` and `sftp` there is.";
}
