import { judge, type Pointer, type Standing, signPointer, writePointer } from "@deploy/pull";
import { mintSigner, pemSigner } from "@deploy/sign";
import { expect, test } from "@jest/globals";
import { divider } from "../src/grammar.ts";
import { now, pointer } from "./pointers.ts";

const signer = pemSigner(mintSigner());
const key = await signer.publicKey();
const standing: Standing = { app: "shop", environment: "production", key, seen: 42, now };
const signed = await signPointer(pointer(), signer);

const why = (text: string, more: Partial<Standing> = {}) => {
  const judged = judge(text, { ...standing, ...more });
  return judged.kind === "refused" ? judged.why : judged.kind;
};
const whyOf = async (more: Partial<Pointer>, with_: Partial<Standing> = {}) =>
  why(await signPointer(pointer(more), signer), with_);

test("a pointer is obeyed on a fresh machine, again, and after an older one", () => {
  expect(why(signed)).toBe("obeyed");
  expect(why(signed, { last: writePointer(pointer()) })).toBe("obeyed");
  expect(why(signed, { seen: 41, last: "deploy-pointer 1\n" })).toBe("obeyed");
  expect(judge(signed, standing)).toEqual({
    kind: "obeyed",
    pointer: pointer(),
    body: writePointer(pointer()),
  });
});

test("replay, another environment, another app and another text under one serial are refused", async () => {
  expect(why(signed, { seen: 43 })).toBe("replayed");
  expect(await whyOf({ environment: "staging" })).toBe("elsewhere");
  expect(await whyOf({ app: "blog" })).toBe("elsewhere");
  expect(await whyOf({ keep: 3 }, { last: writePointer(pointer()) })).toBe("reused");
});

test("a frozen store ends at expiry, to the second; a clock that is behind waits", async () => {
  expect(await whyOf({ expires: now })).toBe("expired");
  expect(await whyOf({ expires: now + 1 })).toBe("obeyed");
  expect(await whyOf({ issued: now + 300 })).toBe("obeyed");
  expect(await whyOf({ issued: now + 301 })).toBe("clock-behind");
});

test("no flipped bit and no cut is obeyed", () => {
  for (let at = 0; at < signed.length; at += 1) {
    const flipped = Buffer.from(signed);
    flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at);
    const judged = judge(flipped.toString("latin1"), standing);
    // A signature in base64 has spare bits: what is signed is the same then.
    if (judged.kind === "obeyed") expect(judged.body).toBe(writePointer(pointer()));
    else expect(judged.why).toBe("unsigned");
    expect(why(signed.slice(0, at))).toBe("unsigned");
  }
});

test("another key's, two signatures, words behind the signature, too much: unsigned", async () => {
  expect(why(await signPointer(pointer(), pemSigner(mintSigner())))).toBe("unsigned");
  const [body = "", signature = ""] = signed.split(`${divider}\n`);
  expect(why(`${signed}more\n`)).toBe("unsigned");
  expect(why(`${body}${divider}\n${signature}${divider}\n${signature}`)).toBe("unsigned");
  expect(why(`${body}serial 99\n${divider}\n${signature}`)).toBe("unsigned");
  expect(why(`${"a".repeat(70_000)}\n${divider}\n${signature}`)).toBe("unsigned");
});

test("what is signed but of another format is refused: twice a key, another order, another number", async () => {
  const text = writePointer(pointer());
  for (const other of [
    text.replace("deploy-pointer 1", "deploy-pointer 2"),
    text.replace("serial 42\n", "serial 42\nserial 43\n"),
    text.replace("serial 42", "serial 042"),
    text.replace(/(app .*\n)(environment .*\n)/, "$2$1"),
    text.replace("keep 2", "keep 2\nlater 1"),
    text.replace(" gzip", " gzip more"),
    text.replace(/live .*\n/, ""),
  ]) {
    const signature = await signer.sign(Buffer.from(other));
    expect(why(`${other}${divider}\n${signature.toString("base64")}\n`)).toBe("format");
  }
});
