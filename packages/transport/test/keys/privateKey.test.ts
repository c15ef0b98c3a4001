import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { DeployError, Secret } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import ssh2 from "ssh2";
import { fingerprint } from "../../src/keys/fingerprint.ts";
import { readPrivateKey } from "../../src/keys/privateKey.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const ed = generateKeyPairSync("ed25519").privateKey;
const pem = (key: KeyObject, type: "pkcs1" | "pkcs8" | "sec1", passphrase?: string): string =>
  key
    .export({
      type,
      format: "pem",
      ...(passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase }),
    } as {
      type: "pkcs8";
      format: "pem";
    })
    .toString();

const generate = ssh2.utils.generateKeyPairSync as unknown as (
  type: string,
  options: object,
) => { public: string; private: string };

function openssh(type: "ed25519" | "rsa" | "ecdsa", passphrase?: string) {
  const bits = type === "rsa" ? { bits: 2048 } : type === "ecdsa" ? { bits: 256 } : {};
  const locked = passphrase === undefined ? {} : { passphrase, cipher: "aes256-ctr", rounds: 4 };
  for (;;) {
    const pair = generate(type, { ...bits, ...locked });
    // ssh2 drops leading zero bytes of about one ed25519 pair in 256.
    if (type !== "ed25519" || Buffer.from(pair.public.split(" ")[1] ?? "", "base64").length === 51)
      return pair;
  }
}

const printOf = (publicLine: string): string => {
  const [type, blob = ""] = publicLine.split(" ");
  return `${type} ${fingerprint(Buffer.from(blob, "base64"))}`;
};
const read = (text: string, passphrase?: string) =>
  readPrivateKey(new Secret(text), passphrase === undefined ? undefined : new Secret(passphrase));

function codeOf(text: string, passphrase?: string): string {
  try {
    return `read ${read(text, passphrase).print}`;
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    return error.problem.code;
  }
}

describe("keys in every usual format", () => {
  test.each(["ed25519", "rsa", "ecdsa"] as const)("OpenSSH %s, open and locked", (type) => {
    const [open, locked] = [openssh(type), openssh(type, "horse")];
    expect([codeOf(open.private), codeOf(locked.private, "horse")]).toEqual([
      `read ${printOf(open.public)}`,
      `read ${printOf(locked.public)}`,
    ]);
  });

  test("RSA in PKCS#1 and PKCS#8, open and locked, is one key", () => {
    const prints = [
      codeOf(pem(rsa, "pkcs1")),
      codeOf(pem(rsa, "pkcs8")),
      codeOf(pem(rsa, "pkcs8", "horse"), "horse"),
      codeOf(pem(rsa, "pkcs1", "horse"), "horse"),
    ];
    expect(new Set(prints).size).toBe(1);
    expect(prints[0]).toMatch(/^read ssh-rsa SHA256:/);
  });

  test("ECDSA in SEC1 and PKCS#8, open and locked, is one key", () => {
    const prints = [
      codeOf(pem(ec, "sec1")),
      codeOf(pem(ec, "pkcs8")),
      codeOf(pem(ec, "pkcs8", "horse"), "horse"),
    ];
    expect(new Set(prints).size).toBe(1);
    expect(prints[0]).toMatch(/^read ecdsa-sha2-nistp256 SHA256:/);
  });

  test("Ed25519 in PKCS#8 signs as itself", () => {
    const { key, print } = read(pem(ed, "pkcs8", "horse"), "horse");
    const signature = key.sign(Buffer.from("data"));
    const { x = "" } = createPublicKey(ed).export({ format: "jwk" });
    expect(key.getPublicSSH().subarray(-32).toString("base64url")).toBe(x);
    expect(key.verify(Buffer.from("data"), signature)).toBe(true);
    expect(print).toBe(`ssh-ed25519 ${fingerprint(key.getPublicSSH())}`);
  });
});

describe("what copying does to keys is mended and told", () => {
  const { private: text, public: line } = openssh("ed25519");
  const print = printOf(line);
  const bare = text.trimEnd();
  test.each([
    ["nothing", `${bare}\n`, []],
    ["CRLF", `${bare.replaceAll("\n", "\r\n")}\r\n`, ["the private key's line ends were CRLF; read as LF"]],
    ["CR", `${bare.replaceAll("\n", "\r")}\r`, ["the private key's line ends were CRLF; read as LF"]],
    ["no last line end", bare, ["the private key's last line had no line end; added"]],
    ["blanks around", `\n  ${bare.replaceAll("\n", "  \n  ")}\n\n`, []],
    [
      "\\n as two characters",
      `${bare.replaceAll("\n", "\\n")}\n`,
      ["the private key's line ends were lost; restored"],
    ],
    ["one line", `${bare.replaceAll("\n", " ")}\n`, ["the private key's line ends were lost; restored"]],
  ])("%s", (_title, damaged, notes) => {
    const found = read(damaged);
    expect({ print: found.print, notes: found.notes }).toEqual({ print, notes });
  });
});

describe("each mistake has its own code", () => {
  const open = openssh("ed25519");
  const locked = openssh("ed25519", "horse");
  const lines = open.private.trim().split("\n");
  const cases: [title: string, code: string, text: string, passphrase?: string][] = [
    ["empty", "private-key-empty", ""],
    ["blank", "private-key-empty", " \r\n"],
    ["public key", "private-key-public", open.public],
    [
      "public key, PEM",
      "private-key-public",
      createPublicKey(rsa).export({ type: "spki", format: "pem" }).toString(),
    ],
    [
      "public key, PKCS#1",
      "private-key-public",
      createPublicKey(rsa).export({ type: "pkcs1", format: "pem" }).toString(),
    ],
    ["PuTTY 2", "private-key-putty", "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\n"],
    ["PuTTY 3", "private-key-putty", "PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\n"],
    ["passphrase missing", "private-key-passphrase-missing", locked.private],
    ["passphrase empty", "private-key-passphrase-missing", locked.private, ""],
    ["passphrase wrong", "private-key-passphrase-wrong", locked.private, "donkey"],
    ["PKCS#8 passphrase missing", "private-key-passphrase-missing", pem(rsa, "pkcs8", "horse")],
    ["PKCS#8 passphrase wrong", "private-key-passphrase-wrong", pem(rsa, "pkcs8", "horse"), "donkey"],
    ["PKCS#1 passphrase missing", "private-key-passphrase-missing", pem(rsa, "pkcs1", "horse")],
    ["PKCS#1 passphrase wrong", "private-key-passphrase-wrong", pem(rsa, "pkcs1", "horse"), "donkey"],
    ["last line lost", "private-key-truncated", lines.slice(0, -1).join("\n")],
    ["first line lost", "private-key-truncated", lines.slice(1).join("\n")],
    ["a line lost", "private-key-truncated", lines.filter((_, index) => index !== 2).join("\n")],
    [
      "a line of a locked one lost",
      "private-key-truncated",
      locked.private
        .split("\n")
        .filter((_, index) => index !== 4)
        .join("\n"),
      "horse",
    ],
    [
      "a line of PKCS#1 lost",
      "private-key-truncated",
      pem(rsa, "pkcs1")
        .split("\n")
        .filter((_, index) => index !== 9)
        .join("\n"),
    ],
    [
      "a line of PKCS#8 lost",
      "private-key-truncated",
      pem(rsa, "pkcs8")
        .split("\n")
        .filter((_, index) => index !== 9)
        .join("\n"),
    ],
    ["several", "private-key-several", `${open.private}\n${open.private}`],
    ["not a key", "private-key-invalid", "hunter2"],
    ["a path", "private-key-invalid", "~/.ssh/id_ed25519"],
    ["X25519", "private-key-invalid", pem(generateKeyPairSync("x25519").privateKey, "pkcs8")],
    ["DSA", "private-key-dsa", "-----BEGIN DSA PRIVATE KEY-----\nMIIB\n-----END DSA PRIVATE KEY-----"],
  ];
  // One parameter: jest would take a fourth one, absent in a row, for its `done`.
  test.each(cases.map((row) => ({ title: row[0], row })))("$title", ({ row: [, code, text, passphrase] }) => {
    expect(codeOf(text, passphrase)).toBe(code);
  });

  test("and none prints a byte of the key", () => {
    for (const [, , text, passphrase] of cases) {
      try {
        read(text, passphrase);
      } catch (error) {
        const said = JSON.stringify([(error as DeployError).problem, String(error)]);
        const secrets = text.split(/\s+/).filter((word) => word.length > 12 && !/PRIVATE|PuTTY/.test(word));
        expect(secrets.filter((word) => said.includes(word))).toEqual([]);
      }
    }
  });
});
