import type { ErrorCode } from "../../errors.ts";
import { roles } from "../values/command.ts";
import { choice, text, whole } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";
import { isName, namePhrase } from "../values/name.ts";
import { didYouMean } from "../values/suggest.ts";
import { show } from "../values/text.ts";
import {
  addressPhrase,
  calledPhrase,
  readAddress,
  readCalled,
  readPort,
  readUser,
  user,
  userPhrase,
} from "./address.ts";

/** Roads to a host, with the port each has unless told. `ftps` begins in the clear and goes on by TLS (RFC 4217). */
export const ports = { ssh: 22, sftp: 22, ftps: 21, "ftps-implicit": 990, ftp: 21 } as const;
export type Via = keyof typeof ports;
export const vias = Object.keys(ports) as readonly Via[] as readonly [Via, ...Via[]];

export const portOf = (via: Via = "ssh"): number => ports[via];

const printPhrase = "the SHA-256 of a certificate, as `openssl x509 -noout -fingerprint -sha256` prints it";

/** 64 hexadecimal digits. */
function readPrint(value: string): string | undefined {
  const digits = value.replace(/^.*=/, "").replaceAll(":", "").toLowerCase();
  return /^[0-9a-f]{64}$/.test(digits) ? digits : undefined;
}

const rootPhrase = "an absolute path without `..`";

/** Without a slash at its end. */
function readRoot(value: string): string | undefined {
  const path = value.replace(/\/+$/, "");
  const parts = path.split("/").slice(1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  const odd = /[\0-\x1f\x7f]/.test(path) || parts.some((part) => ["", ".", ".."].includes(part));
  return path.startsWith("/") && !odd ? path : undefined;
}

export const hostMapping = mapping({
  address: text(addressPhrase, readAddress).describe("Host name or IP address."),
  port: whole(1, 65_535)
    .optional()
    .describe("The port. Without: 22; 21 for `ftps` and `ftp`, 990 for `ftps-implicit`."),
  name: text(calledPhrase, readCalled)
    .optional()
    .describe(
      "What plans, logs and reports call it, as `web1`. Without: its address, with the port where that is not 22.",
    ),
  username: user().optional().describe("The login. Without: `username`."),
  via: choice(vias)
    .optional()
    .describe(
      "How it is reached: `ssh`; `sftp` where the login has files and no shell; `ftps`, `ftps-implicit` or `ftp` where there is nothing else. `ssh` unless told.",
    ),
  certificate: text(printPhrase, readPrint)
    .optional()
    .describe(
      "With `ftps`: the SHA-256 of the server's certificate, and only that is trusted. Without: what the system trusts, for this address.",
    ),
  "document-root": text(rootPhrase, readRoot)
    .optional()
    .describe(
      "With any `via` but `ssh`: the folder that visitors see, absolute as the login sees it. Without: `current` in `deploy-to`.",
    ),
  roles: roles().optional().describe("Labels that commands can ask for. Without: every role."),
}).meta({ title: "host", description: "A host, when a line is too short for it." });

/** A host as one line or mapping says it; the user may come from elsewhere. */
export interface HostEntry {
  readonly address: string;
  readonly port: number;
  readonly name?: string;
  readonly username?: string;
  readonly roles: readonly string[];
  readonly via?: Via;
  readonly documentRoot?: string;
  readonly certificate?: string;
}

/** What is wrong with a value, before it has a place. */
export interface Wrong {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

export const hostLinePhrase = "a host such as deploy@web1.example.com:22 roles=web,worker";
const words = ["name", "port", "roles", "via"];

/** Reads `[user@]address[:port] [name=web1] [roles=web,worker] [port=22] [via=sftp]`. */
export function readHostLine(line: string): HostEntry | Wrong {
  const [target = "", ...rest] = line.trim().split(/[ \t]+/);
  const options = readWords(rest);
  if ("message" in options) return options;
  const entry = readTarget(target);
  if ("message" in entry) return entry;
  if (entry.port !== undefined && options.port !== undefined) {
    return wrong("the port once", `${entry.port} and port=${options.port}`);
  }
  const { address, username } = entry;
  const { name, roles = [], via } = options;
  const port = entry.port ?? options.port ?? portOf(via);
  return {
    ...{ address, port, roles },
    ...(name === undefined ? {} : { name }),
    ...(username === undefined ? {} : { username }),
    ...(via === undefined ? {} : { via }),
  };
}

interface Words {
  via?: Via;
  name?: string;
  port?: number;
  roles?: readonly string[];
}

function readWords(list: readonly string[]): Words | Wrong {
  const found: Words = {};
  for (const word of list) {
    const [key = "", value = ""] = split(word, "=");
    if (!words.includes(key))
      return wrong("roles=…, name=…, port=… or via=…", show(word), didYouMean(key, words));
    if (Object.hasOwn(found, key)) return wrong(`${key}= once`, "it twice");
    if (key === "port") {
      const port = readPort(value);
      if (port === undefined) return wrong("a port from 1 to 65535", show(value));
      found.port = port;
    } else if (key === "via") {
      const via = vias.find((one) => one === value);
      if (via === undefined)
        return wrong(`via=${vias.join(" or via=")}`, show(value), didYouMean(value, vias));
      found.via = via;
    } else if (key === "name") {
      const called = readCalled(value);
      if (called === undefined) return wrong(calledPhrase, show(value));
      found.name = called;
    } else {
      const roles = value.split(",");
      const bad = roles.find((role) => !isName(role));
      if (bad !== undefined) return wrong(`roles separated by commas, each ${namePhrase}`, show(bad));
      found.roles = [...new Set(roles)];
    }
  }
  return found;
}

interface Target {
  address: string;
  port?: number;
  username?: string;
}

function readTarget(text: string): Target | Wrong {
  const cut = text.lastIndexOf("@");
  const user = cut === -1 ? undefined : text.slice(0, cut);
  if (user !== undefined && readUser(user) === undefined) return wrong(userPhrase, show(user));
  const [name, port] = splitPort(text.slice(cut + 1));
  const address = readAddress(name);
  if (address === undefined) return wrong(name === "" ? hostLinePhrase : addressPhrase, show(name || text));
  const read = port === undefined ? undefined : readPort(port);
  if (port !== undefined && read === undefined) return wrong("a port from 1 to 65535", show(port));
  return {
    address,
    ...(read === undefined ? {} : { port: read }),
    ...(user === undefined ? {} : { username: user }),
  };
}

/** More than one colon without brackets is a bare IPv6 address, never a port. */
function splitPort(text: string): readonly [string, string | undefined] {
  const bracketed = /^(\[[^\]]*\])(?::(.*))?$/s.exec(text);
  if (bracketed) return [bracketed[1] ?? "", bracketed[2]];
  const colon = text.indexOf(":");
  if (colon === -1 || text.indexOf(":", colon + 1) !== -1) return [text, undefined];
  return [text.slice(0, colon), text.slice(colon + 1)];
}

function split(word: string, separator: string): readonly string[] {
  const cut = word.indexOf(separator);
  return cut === -1 ? [word] : [word.slice(0, cut), word.slice(cut + 1)];
}

function wrong(expected: string, got: string, hint?: string): Wrong {
  const message = `expected ${expected}, got ${got}`;
  return { code: "config-invalid", message, ...(hint === undefined ? {} : { hint }) };
}
