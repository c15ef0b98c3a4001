import { expect, test } from "@jest/globals";
import { masksOf } from "../src/index.ts";

test("the armour of a key and very short lines are not masked, everything else is", () => {
  const masks = masksOf(
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r\r\nab\n-----END OPENSSH PRIVATE KEY-----\n",
  );
  expect(masks).toContain("b3BlbnNzaC1r");
  expect(masks).not.toContain("ab");
  expect(
    masks.filter((mask) => mask.startsWith("-----") && !mask.includes("\n") && !mask.includes("%")),
  ).toEqual([]);
  expect(masks).not.toContain("");
});

test("blank text is no secret", () => expect(masksOf(" \n")).toEqual([]));

test.each(["top secret\nline two", "a b+c/d", "pässwörd", "x".repeat(300), "a\nb"])(
  "%j is covered in base64, base64url and URL form",
  (secret) => {
    const masks = masksOf(secret);
    for (const form of [
      secret,
      Buffer.from(secret).toString("base64"),
      Buffer.from(`${secret}\n`).toString("base64"),
      Buffer.from(secret).toString("base64url"),
      encodeURIComponent(secret),
    ]) {
      expect(masks).toContain(form);
    }
  },
);
