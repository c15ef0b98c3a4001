import { verify } from "node:crypto";
import type { P256Key, Signer } from "@deploy/sign";
import { divider, longest } from "./grammar.ts";
import type { Pointer } from "./pointer.ts";
import { writePointer } from "./write.ts";

/** The object as it lies in a store. */
export async function signPointer(pointer: Pointer, signer: Signer): Promise<string> {
  const body = writePointer(pointer);
  const signature = await signer.sign(Buffer.from(body));
  return `${body}${divider}\n${signature.toString("base64")}\n`;
}

/** What was signed, byte for byte; undefined where it is not whole, not signed, or not by this key. */
export function openSigned(text: string, key: P256Key): string | undefined {
  if (Buffer.byteLength(text) > longest) return undefined;
  const found = new RegExp(`^([^]*?\\n)${divider}\\n([A-Za-z0-9+/]{88,100}={0,2})\\n$`).exec(text);
  const [, body, signature] = found ?? [];
  if (body === undefined || signature === undefined) return undefined;
  return verify("sha256", Buffer.from(body), key, Buffer.from(signature, "base64")) ? body : undefined;
}
