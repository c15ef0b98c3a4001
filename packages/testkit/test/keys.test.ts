import { describe, expect, test } from "@jest/globals";
import ssh2 from "ssh2";
import { knownHostsLine, testKeys } from "../src/ssh/keys.ts";

describe("testKeys", () => {
  test("are whole ed25519 pairs, always", () => {
    for (let i = 0; i < 300; i += 1) {
      const pair = testKeys();
      const [key, pub] = [ssh2.utils.parseKey(pair.private), ssh2.utils.parseKey(pair.public)];
      if (key instanceof Error || pub instanceof Error) throw new Error("malformed key");
      expect(key.getPublicSSH()).toEqual(pub.getPublicSSH());
    }
  });

  test("open with their passphrase only", () => {
    const pair = testKeys({ passphrase: "open sesame" });
    expect(ssh2.utils.parseKey(pair.private)).toBeInstanceOf(Error);
    expect(ssh2.utils.parseKey(pair.private, "open sesame")).toMatchObject({ type: "ssh-ed25519" });
  });
});

test("knownHostsLine brackets every port but 22", () => {
  expect(knownHostsLine("10.0.0.1", 22, "ssh-ed25519 AAAA me")).toBe("10.0.0.1 ssh-ed25519 AAAA");
  expect(knownHostsLine("::1", 2222, "ssh-ed25519 AAAA me")).toBe("[::1]:2222 ssh-ed25519 AAAA");
});
