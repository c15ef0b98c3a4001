import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "@deploy/core";
import { needs } from "@deploy/testkit";
import { expect, test } from "@jest/globals";
import { makeBackup } from "../src/index.ts";
import { played } from "./fakes/request.ts";
import type { MemoryStore } from "./fakes/store.ts";

needs("openssl")("a signature", () => {
  test("by a key that openssl made is verified by openssl alone, as the guide says", async () => {
    const folder = mkdtempSync(join(tmpdir(), "signed-"));
    const at = (name: string) => join(folder, name);
    const openssl = (...args: readonly string[]) =>
      execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
    openssl("genpkey", "-algorithm", "ed25519", "-out", "key.pem");
    const key = openssl("pkey", "-in", "key.pem", "-pubout", "-outform", "DER");
    const pem = String(openssl("pkey", "-in", "key.pem"));
    const signedBy = [key.toString("base64")];
    const request = played({}, { signedBy, signingKey: new Secret(pem), by: "Zoë" });
    const { id } = await makeBackup(request);
    const stored = (request.store as MemoryStore).objects.get(`${id}.json`)?.bytes;
    const { signature, ...others } = JSON.parse(String(stored));
    writeFileSync(at("key.der"), key);
    writeFileSync(at("signature"), Buffer.from(signature.value, "base64"));
    const verify = "pkeyutl -verify -rawin -in text -sigfile signature -pubin -keyform DER -inkey key.der";
    writeFileSync(at("text"), JSON.stringify(others));
    expect(String(openssl(...verify.split(" ")))).toContain("Signature Verified Successfully");
    writeFileSync(at("text"), JSON.stringify({ ...others, environment: "staging" }));
    expect(() => openssl(...verify.split(" "))).toThrow("Command failed");
    rmSync(folder, { recursive: true });
  });
});
