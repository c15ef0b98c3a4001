import type { P256Key, Signer } from "@deploy/sign";
import { armor, dearmor } from "./armor.ts";
import { fingerprint, keyBody, readKeyBody } from "./key.ts";
import { packet, readPackets, tags, uint16, uint32 } from "./packet.ts";
import { signaturePacket, types } from "./signature.ts";

/** What hosts trust: one key, one user ID, certified by the key itself with SHA-256 (RFC 9580, 10.1). */
export interface Certificate {
  readonly armored: string;
  /** Hex, upper case. */
  readonly fingerprint: string;
}

/** `time`: seconds since 1970. May certify and sign. */
export async function makeCertificate(signer: Signer, userId: string, time: number): Promise<Certificate> {
  const body = keyBody(await signer.publicKey());
  const id = Buffer.from(userId);
  const signed = Buffer.concat([
    Buffer.from([0x99]),
    uint16(body.length),
    body,
    Buffer.from([0xb4]),
    uint32(id.length),
    id,
  ]);
  const more = [
    [27, Buffer.from([0x03])],
    [21, Buffer.from([8, 9, 10])],
  ] as const;
  const signature = await signaturePacket(signed, { type: types.certification, time, more }, signer);
  const bytes = Buffer.concat([packet(tags.publicKey, body), packet(tags.userId, id), signature]);
  return { armored: armor("PUBLIC KEY BLOCK", bytes), fingerprint: hex(body) };
}

/**
 * The key of a certificate that a person put into the config. Undefined where it is no certificate as `makeCertificate` makes them: of
 * another kind, or with another time in it.
 */
export function readCertificate(armored: string): P256Key | undefined {
  const text = `${armored.replaceAll("\r\n", "\n").trim()}\n`;
  const bytes = dearmor("PUBLIC KEY BLOCK", text);
  const first = (bytes === undefined ? undefined : readPackets(bytes))?.[0];
  if (first?.tag !== tags.publicKey) return undefined;
  const key = readKeyBody(first.body);
  return key !== undefined && keyBody(key).equals(first.body) ? key : undefined;
}

/** Of a key, as certificates and `gpg` tell it. */
export function fingerprintOf(key: P256Key): string {
  return hex(keyBody(key));
}

function hex(body: Buffer): string {
  return fingerprint(body).toString("hex").toUpperCase();
}
