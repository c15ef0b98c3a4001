import type { P256Key, Signer } from "@deploy/sign";
import { armor, dearmor } from "./armor.ts";
import { readPackets, tags } from "./packet.ts";
import { signaturePacket, types, verifies } from "./signature.ts";

const begin = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n";
const between = "\n-----BEGIN PGP SIGNATURE-----\n";

/** A text with its signature below, as InRelease is (RFC 9580, 7). `time`: seconds since 1970. */
export async function clearSign(text: string, time: number, signer: Signer): Promise<string> {
  const body = text.replace(/\n$/, "");
  const signature = await signaturePacket(canonical(body), { type: types.text, time }, signer);
  return `${begin}${body.replace(/^-/gm, "- -")}\n${armor("SIGNATURE", signature)}`;
}

/**
 * The signed text, with a newline at its end; undefined unless all of the document is one text that the key signed: nothing before,
 * between or after.
 */
export function readClearSigned(document: string, key: P256Key): string | undefined {
  const cut = document.indexOf(between);
  if (!document.startsWith(begin) || cut < begin.length) return undefined;
  const escaped = document.slice(begin.length, cut);
  if (/^-(?! )/m.test(escaped)) return undefined;
  const body = escaped.replace(/^- /gm, "");
  const bytes = dearmor("SIGNATURE", document.slice(cut + 1));
  const packets = bytes === undefined ? undefined : readPackets(bytes);
  const [only] = packets ?? [];
  if (packets?.length !== 1 || only?.tag !== tags.signature) return undefined;
  // What is hashed lacks them, so that a text with them is not the one that was signed.
  if (/[ \t\r]$/m.test(body)) return undefined;
  return verifies(only.body, canonical(body), types.text, key) ? `${body}\n` : undefined;
}

/** Lines end in CR LF and have nothing blank at their ends. */
function canonical(body: string): Buffer {
  return Buffer.from(body.replace(/[ \t\r]+$/gm, "").replaceAll("\n", "\r\n"));
}
