import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clearSign, makeCertificate, readCertificate, readClearSigned } from "@deploy/package";
import { mintSigner, pemSigner } from "@deploy/sign";
import { needs } from "@deploy/testkit";
import { afterAll, describe, expect, test } from "@jest/globals";
import { makeFolder, time } from "./stage.ts";

const folder = makeFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const signer = pemSigner(mintSigner());
const text = "Origin: shop\n- a dash\nDate: today\n";

describe("a signed text", () => {
  test("is read back by its key, and by no other", async () => {
    const signed = await clearSign(text, time, signer);
    expect(readClearSigned(signed, await signer.publicKey())).toBe(text);
    expect(readClearSigned(signed, await pemSigner(mintSigner()).publicKey())).toBeUndefined();
  });

  test("is refused with any bit of it flipped, cut anywhere, or with something before or behind it", async () => {
    const signed = await clearSign(text, time, signer);
    const key = await signer.publicKey();
    const bytes = Buffer.from(signed, "latin1");
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      const read = readClearSigned(flipped.toString("latin1"), key);
      if (read !== undefined) throw new Error(`bit ${bit} may be flipped`);
    }
    for (let cut = 0; cut < signed.length - 1; cut++) {
      expect(readClearSigned(signed.slice(0, cut), key)).toBeUndefined();
    }
    expect(readClearSigned(`Origin: evil\n${signed}`, key)).toBeUndefined();
    expect(readClearSigned(`${signed}Origin: evil\n`, key)).toBeUndefined();
    expect(readClearSigned(signed.replace("today", "today "), key)).toBeUndefined();
  });
});

test("a certificate gives its key back", async () => {
  const { armored, fingerprint } = await makeCertificate(signer, "shop staging", time);
  expect(readCertificate(armored)?.equals(await signer.publicKey())).toBe(true);
  expect(fingerprint).toMatch(/^[0-9A-F]{40}$/);
  expect(readCertificate(armored.replace(/\n\n./, "\n\nA"))).toBeUndefined();
  expect(readCertificate("hunter2")).toBeUndefined();
});

needs("gpgv")("gpgv", () => {
  const verify = async (signed: string, by = signer) => {
    const { armored } = await makeCertificate(by, "shop staging", time);
    const [keyring, file] = [join(folder, "key"), join(folder, "InRelease")];
    const base64 = armored.split("\n\n")[1]?.split("\n=")[0] ?? "";
    writeFileSync(keyring, Buffer.from(base64, "base64"));
    writeFileSync(file, signed);
    return spawnSync("gpgv", ["--keyring", keyring, file], { encoding: "utf8" });
  };

  test("takes the signature by the certificate, and not for another text or by another key", async () => {
    const signed = await clearSign(text, time, signer);
    const { status, stderr } = await verify(signed);
    expect([status, stderr]).toEqual([0, expect.stringContaining('Good signature from "shop staging"')]);
    expect((await verify(signed.replace("today", "never"))).status).toBe(1);
    expect((await verify(signed, pemSigner(mintSigner()))).status).toBe(2);
  });
});
