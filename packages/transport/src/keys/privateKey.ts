import { DeployError, type ErrorCode, type Secret } from "@deploy/core";
import ssh2, { type ParsedKey } from "ssh2";
import { fingerprint } from "./fingerprint.ts";
import { fromPem } from "./pem.ts";

/** A private key that was read, with what may be said aloud about it. */
export interface PrivateKey {
  readonly key: ParsedKey;
  /** `ssh-ed25519 SHA256:…` of the public half. */
  readonly print: string;
  /** What was mended silently elsewhere and should be known: `line ends were CRLF`. */
  readonly notes: readonly string[];
}

/**
 * Reads a private key in OpenSSH, PKCS#1, SEC1 or PKCS#8 form, before any connection is made.
 * Throws one `private-key-…` error per mistake; no message holds a byte of the key.
 */
export function readPrivateKey(secret: Secret, passphrase?: Secret): PrivateKey {
  const raw = secret.reveal();
  const { text, notes } = mend(raw);
  refuse(shapeFault(text));
  const phrase = passphrase?.reveal() === "" ? undefined : passphrase?.reveal();
  refuse(phrase === undefined && isEncrypted(text) ? "private-key-passphrase-missing" : undefined);
  const key = parse(text, phrase);
  if (key.type === "ssh-dss") refuse("private-key-dsa");
  return { key, print: `${key.type} ${fingerprint(key.getPublicSSH())}`, notes };
}

/** The wire form of a public key's line. Throws `private-key-invalid`. */
export function readPublicKey(line: string): Buffer {
  const key = read(line.trim(), undefined);
  if (key instanceof Error || Array.isArray(key)) {
    refuse("private-key-invalid");
    throw new Error("unreachable");
  }
  return key.getPublicSSH();
}

const messages: Readonly<Record<string, string>> = {
  "private-key-empty": "ssh-private-key is empty",
  "private-key-public": "ssh-private-key holds a public key",
  "private-key-putty": "ssh-private-key is in PuTTY's format",
  "private-key-several": "ssh-private-key holds several keys",
  "private-key-truncated": "ssh-private-key is cut off or damaged",
  "private-key-invalid": "ssh-private-key holds no private key that can be read",
  "private-key-dsa": "ssh-private-key is a DSA key",
  "private-key-passphrase-missing": "ssh-private-key is encrypted and ssh-passphrase is not given",
  "private-key-passphrase-wrong": "ssh-passphrase does not open ssh-private-key",
};

function refuse(code: ErrorCode | undefined): void {
  if (code !== undefined)
    throw new DeployError(code, messages[code] ?? code, { place: { path: "ssh-private-key" } });
}

/** What copying through forms and secrets does to a key file, undone. */
function mend(raw: string): { text: string; notes: string[] } {
  const notes: string[] = [];
  let text = raw.replace(/^\uFEFF/, "");
  if (text.includes("\r")) {
    notes.push("the private key's line ends were CRLF; read as LF");
    text = text.replace(/\r\n?/g, "\n");
  }
  if (/^-----BEGIN [A-Z0-9 ]+-----(\\n| ).*$/.test(text.trim())) {
    notes.push("the private key's line ends were lost; restored");
    text = restoreLines(text);
  }
  const lines = text.trim().split("\n");
  if (!text.endsWith("\n") && text.trim() !== "")
    notes.push("the private key's last line had no line end; added");
  return { text: `${lines.map((line) => line.trim()).join("\n")}\n`, notes };
}

/** A key whose line ends became spaces or the two characters `\n`, as in a value copied out of JSON. */
function restoreLines(text: string): string {
  return text
    .trim()
    .replace(/\\n/g, "\n")
    .replace(
      /^(-----BEGIN [A-Z0-9 ]+-----)[ \n]+([\s\S]*?)[ \n]*(-----END [A-Z0-9 ]+-----)/,
      (_, begin, body, end) => `${[begin, ...body.split(/[ \n]+/), end].join("\n")}\n`,
    );
}

/** What is wrong before any decoding; undefined where it looks like one whole private key. */
function shapeFault(text: string): ErrorCode | undefined {
  if (text.trim() === "") return "private-key-empty";
  if (text.startsWith("PuTTY-User-Key-File-")) return "private-key-putty";
  if (
    /^(ssh-(ed25519|rsa|dss)|ecdsa-sha2-\S+|sk-\S+) AAAA/m.test(text) ||
    /^-{4,5} ?BEGIN (SSH2 |RSA )?PUBLIC KEY/m.test(text)
  )
    return "private-key-public";
  const begins = text.match(/^-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----$/gm) ?? [];
  const ends = text.match(/^-----END [A-Z0-9 ]*PRIVATE KEY-----$/gm) ?? [];
  if (begins.length > 1) return "private-key-several";
  if (begins.length === 1 && ends.length === 0) return "private-key-truncated";
  if (begins.length === 0) return ends.length > 0 ? "private-key-truncated" : "private-key-invalid";
  return text.startsWith("-----BEGIN DSA") ? "private-key-dsa" : undefined;
}

function isEncrypted(text: string): boolean {
  if (text.startsWith("-----BEGIN ENCRYPTED") || /^Proc-Type: 4,ENCRYPTED$/m.test(text)) return true;
  if (!text.startsWith("-----BEGIN OPENSSH")) return false;
  const bytes = Buffer.from(text.split("\n").slice(1, -2).join(""), "base64");
  return bytes.length > 23 && bytes.toString("latin1", 19, 19 + bytes.readUInt32BE(15)) !== "none";
}

function parse(text: string, phrase: string | undefined): ParsedKey {
  let pem = text;
  if (!text.startsWith("-----BEGIN OPENSSH")) {
    const converted = fromPem(text, phrase);
    if ("fault" in converted) refuse(faultOf(converted.fault));
    else pem = converted.pem;
  }
  const parsed = read(pem, phrase);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key instanceof Error || key === undefined) {
    const damaged = /malformed|integrity|base64/i.test(key?.message ?? "") || !isEncrypted(text);
    refuse(
      isEncrypted(text) && !isCutOff(text)
        ? "private-key-passphrase-wrong"
        : damaged
          ? "private-key-truncated"
          : "private-key-invalid",
    );
    throw new Error("unreachable");
  }
  if (!key.isPrivateKey()) refuse("private-key-public");
  return key;
}

/** ssh2 mostly returns its errors, but throws some (a short buffer in a damaged key). */
function read(pem: string, phrase: string | undefined): ParsedKey | ParsedKey[] | Error {
  try {
    return ssh2.utils.parseKey(pem, phrase) as ParsedKey | ParsedKey[] | Error;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function faultOf(fault: "passphrase" | "damaged" | "unsupported"): ErrorCode {
  if (fault === "passphrase") return "private-key-passphrase-wrong";
  return fault === "damaged" ? "private-key-truncated" : "private-key-invalid";
}

/** An OpenSSH key file names the lengths of its parts: fewer bytes than they ask for means some are gone. */
function isCutOff(text: string): boolean {
  if (!text.startsWith("-----BEGIN OPENSSH")) return false;
  const bytes = Buffer.from(text.split("\n").slice(1, -2).join(""), "base64");
  let at = 15;
  for (let part = 0; part < 5; part++) {
    if (part === 3) at += 4;
    if (at + 4 > bytes.length) return true;
    at += 4 + bytes.readUInt32BE(at);
  }
  return at > bytes.length;
}
