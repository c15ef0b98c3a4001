import { createHmac, generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { fingerprint, keyType } from "../../src/keys/fingerprint.ts";
import { knownFor, parseKnownHosts, verdict } from "../../src/keys/knownHosts.ts";
import { hostKeyAlgorithms, pinnedTypes } from "../../src/ssh/algorithms.ts";

function ed25519(): Buffer {
  const { x = "" } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
  return Buffer.concat([wire("ssh-ed25519"), wire(Buffer.from(x, "base64url"))]);
}

function wire(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
}

function hashed(name: string): string {
  const salt = Buffer.from("0123456789abcdefghij");
  return `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update(name).digest("base64")}`;
}

const key = ed25519();
const other = ed25519();
const rsa = Buffer.concat([wire("ssh-rsa"), wire("e"), wire("n")]);
const pin = `ssh-ed25519 ${key.toString("base64")}`;
const otherPin = `ssh-ed25519 ${other.toString("base64")}`;
const rsaPin = `ssh-rsa ${rsa.toString("base64")}`;

const ask = (text: string, address: string, port = 22) =>
  verdict(parseKnownHosts(text), address, port, key).verdict;

describe("the verdict on an offered key", () => {
  const cases: [title: string, text: string, address: string, port: number, expected: string][] = [
    ["plain", `web1 ${pin}`, "web1", 22, "trusted"],
    ["with a comment and CRLF", `# hello\r\n\r\nweb1 ${pin} me@there\r\n`, "web1", 22, "trusted"],
    ["CRLF right behind the key", `web1 ${pin}\r\n`, "web1", 22, "trusted"],
    ["tabs and leading blanks", ` \tweb1\t${pin.replace(" ", "\t ")}`, "web1", 22, "trusted"],
    ["case of the name", `WEB1 ${pin}`, "Web1", 22, "trusted"],
    ["another host", `web2 ${pin}`, "web1", 22, "unknown"],
    ["one of a list", `web0,web1,10.0.0.1 ${pin}`, "web1", 22, "trusted"],
    ["a prefix is no match", `web ${pin}`, "web1", 22, "unknown"],
    ["star", `*.example.com ${pin}`, "a.b.example.com", 22, "trusted"],
    ["star alone", `* ${pin}`, "web1", 22, "trusted"],
    ["many stars", `${"*a".repeat(30)}*b ${pin}`, "a".repeat(60), 22, "unknown"],
    ["question mark", `web? ${pin}`, "web1", 22, "trusted"],
    ["question mark is one character", `web? ${pin}`, "web", 22, "unknown"],
    ["negated before", `!web1,web* ${pin}`, "web1", 22, "unknown"],
    ["negated after", `web*,!web1 ${pin}`, "web1", 22, "unknown"],
    ["negated alone matches nothing", `!web2 ${pin}`, "web1", 22, "unknown"],
    ["port", `[web1]:2222 ${pin}`, "web1", 2222, "trusted"],
    ["another port", `[web1]:2223 ${pin}`, "web1", 2222, "unknown"],
    ["a port line says nothing of port 22", `[web1]:2222 ${pin}`, "web1", 22, "unknown"],
    ["the plain name serves other ports", `web1 ${pin}`, "web1", 2222, "trusted"],
    ["unless they have lines", `web1 ${pin}\n[web1]:2222 ${otherPin}`, "web1", 2222, "mismatch"],
    ["star does not cover brackets by itself", `web* ${pin}`, "web1", 2222, "trusted"],
    ["IPv6", `2001:db8::1 ${pin}`, "2001:DB8::1", 22, "trusted"],
    ["IPv6 with port", `[2001:db8::1]:2222 ${pin}`, "2001:db8::1", 2222, "trusted"],
    ["hashed", `${hashed("web1")} ${pin}`, "WEB1", 22, "trusted"],
    ["hashed, another host", `${hashed("web2")} ${pin}`, "web1", 22, "unknown"],
    ["hashed with port", `${hashed("[web1]:2222")} ${pin}`, "web1", 2222, "trusted"],
    ["hash of an unknown kind", `|2|a|b ${pin}`, "web1", 22, "unknown"],
    ["another key", `web1 ${otherPin}`, "web1", 22, "mismatch"],
    ["another type of key", `web1 ${rsaPin}`, "web1", 22, "mismatch"],
    ["two pins allow rotation", `web1 ${otherPin}\nweb1 ${pin}`, "web1", 22, "trusted"],
    ["revoked wins, before", `@revoked * ${pin}\nweb1 ${pin}`, "web1", 22, "revoked"],
    ["revoked wins, after", `web1 ${pin}\n@revoked web1 ${pin}`, "web1", 22, "revoked"],
    ["revoked elsewhere", `web1 ${pin}\n@revoked web2 ${pin}`, "web1", 22, "trusted"],
    ["another key revoked", `web1 ${pin}\n@revoked * ${otherPin}`, "web1", 22, "trusted"],
    ["only another key revoked", `@revoked * ${otherPin}`, "web1", 22, "unknown"],
    ["certificate authority", `@cert-authority * ${pin}`, "web1", 22, "unknown"],
    ["fingerprint", `web1 ${fingerprint(key)}`, "web1", 22, "trusted"],
    ["fingerprint, padded", `web1 ${fingerprint(key)}=`, "web1", 22, "trusted"],
    ["fingerprint with type", `web1 ssh-ed25519 ${fingerprint(key)}`, "web1", 22, "trusted"],
    ["another fingerprint", `web1 ${fingerprint(other)}`, "web1", 22, "mismatch"],
    ["revoked fingerprint", `web1 ${pin}\n@revoked * ${fingerprint(key)}`, "web1", 22, "revoked"],
    ["a byte order mark", `\ufeffweb1 ${pin}`, "web1", 22, "trusted"],
    ["nothing", "", "web1", 22, "unknown"],
  ];
  test.each(cases)("%s", (_title, text, address, port, expected) => {
    expect(ask(text, address, port)).toBe(expected);
  });

  test("says what it compared", () => {
    const text = `web1 ${otherPin}\nweb1 ${otherPin}\nweb1 ${rsaPin}`;
    expect(verdict(parseKnownHosts(text), "web1", 22, key)).toEqual({
      verdict: "mismatch",
      pinned: [fingerprint(other), fingerprint(rsa)],
      offered: fingerprint(key),
    });
    expect(verdict(parseKnownHosts(`@cert-authority * ${pin}`), "web1", 22, key)).toEqual({
      verdict: "unknown",
      offered: fingerprint(key),
      certificateAuthority: true,
    });
  });
});

describe("lines that cannot be read", () => {
  const cases: [text: string, reason: string][] = [
    ["web1", "it is not `host type key`"],
    ["web1 ssh-ed25519", "the key is missing"],
    ["web1 ssh-ed25519 AAAA!", 'the key is no base64 of a "ssh-ed25519" key'],
    [`web1 ssh-rsa ${key.toString("base64")}`, 'the key is no base64 of a "ssh-rsa" key'],
    [
      `web1 ssh-ed25519 ${key.toString("base64").slice(0, 20)} x`,
      'the key is no base64 of a "ssh-ed25519" key',
    ],
    [`@trusted web1 ${pin}`, 'the marker "@trusted" is none that OpenSSH knows'],
    [`@revoked ${pin}`, "the key is missing"],
    ["web1 SHA256:abc", "the SHA256 fingerprint is not 43 characters"],
    ["web1 ssh-ed25519 SHA256:abc", "the SHA256 fingerprint is not 43 characters"],
  ];
  test.each(cases)("%s", (text, reason) => {
    expect(parseKnownHosts(`# first\n${text}\nweb2 ${pin}`).problems).toEqual([{ line: 2, reason }]);
  });

  test("do not hide the others", () => {
    const { entries } = parseKnownHosts(`web1\nweb1 ${pin}`);
    expect(entries).toEqual([
      { line: 2, marker: "", hosts: "web1", type: "ssh-ed25519", print: fingerprint(key) },
    ]);
  });
});

describe("the host key algorithms offered", () => {
  const offered = (text: string) =>
    hostKeyAlgorithms(pinnedTypes(knownFor(parseKnownHosts(text), "web1", 22)));
  const all = [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
  ];
  test("are those of the pinned types", () => {
    expect(offered(`web1 ${rsaPin}`)).toEqual(["rsa-sha2-512", "rsa-sha2-256"]);
    expect(offered(`web1 ${rsaPin}\nweb1 ${pin}`)).toEqual(["ssh-ed25519", "rsa-sha2-512", "rsa-sha2-256"]);
    expect(offered(`web1 ssh-rsa ${fingerprint(rsa)}`)).toEqual(["rsa-sha2-512", "rsa-sha2-256"]);
  });
  test("are all where nothing or no type is pinned", () => {
    expect(offered(`web2 ${rsaPin}`)).toEqual(all);
    expect(offered(`web1 ${fingerprint(rsa)}`)).toEqual(all);
    expect(offered(`@revoked web1 ${pin}`)).toEqual(all);
  });
});

test("a blob says its type, or nothing", () => {
  expect([key, rsa, Buffer.alloc(3), Buffer.from([255, 0, 0, 0, 1])].map(keyType)).toEqual([
    "ssh-ed25519",
    "ssh-rsa",
    "",
    "",
  ]);
});
