import { generateKeyPairSync, verify } from "node:crypto";
import { Secret } from "@deploy/core";
import { mintSigner, pemSigner, readPublicKey } from "@deploy/sign";
import { expect, test } from "@jest/globals";

const message = Buffer.from("what staging runs");

test("what it signs is verified by its public half, and by no other, nor for another message", async () => {
  const signer = pemSigner(mintSigner());
  const signature = await signer.sign(message);
  const key = await signer.publicKey();
  expect(verify("sha256", message, key, signature)).toBe(true);
  expect(verify("sha256", Buffer.from("what staging run"), key, signature)).toBe(false);
  expect(verify("sha256", message, await pemSigner(mintSigner()).publicKey(), signature)).toBe(false);
});

test("the public half comes back from PEM and from DER", async () => {
  const key = await pemSigner(mintSigner()).publicKey();
  const pem = String(key.export({ format: "pem", type: "spki" }));
  expect(readPublicKey(pem)?.equals(key)).toBe(true);
  expect(readPublicKey(key.export({ format: "der", type: "spki" }))?.equals(key)).toBe(true);
});

test("other kinds of keys, and what is no key, are refused and never shown", () => {
  const publicKeyEncoding = { format: "pem", type: "spki" } as const;
  const privateKeyEncoding = { format: "pem", type: "pkcs8" } as const;
  const ed = generateKeyPairSync("ed25519", { publicKeyEncoding, privateKeyEncoding });
  const namedCurve = "secp384r1";
  const p384 = generateKeyPairSync("ec", { namedCurve, publicKeyEncoding, privateKeyEncoding });
  expect(() => pemSigner(new Secret(ed.privateKey))).toThrow("The signing key is of ed25519, not of P-256");
  expect(() => pemSigner(new Secret(p384.privateKey))).toThrow("is of secp384r1");
  expect(() => pemSigner(new Secret("hunter2"))).toThrow(/^(?!.*hunter2).*not a private key in PEM/);
  for (const bad of [ed.publicKey, p384.publicKey, "hunter2", Buffer.from("30", "hex")]) {
    expect(readPublicKey(bad)).toBeUndefined();
  }
});
