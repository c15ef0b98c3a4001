import type { KnownHost } from "../keys/knownHosts.ts";

/** Offered to every server. No SHA-1, no CBC, no ChaCha20-Poly1305 (Terrapin; ssh2 cannot demand strict kex). */
export const exchange = {
  kex: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group14-sha256",
  ],
  cipher: ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr"],
  hmac: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"],
  compress: ["none"],
} as const;

/** Host key types this transport can verify, and the signature algorithms of each, preferred first. */
const byType: Readonly<Record<string, readonly string[]>> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
};

export const hostKeyTypes: readonly string[] = Object.keys(byType);

/** Key types worth offering a server that has these lines: the pinned ones; all where a pin names no type. */
export function pinnedTypes(about: readonly KnownHost[]): readonly string[] {
  const pins = about.filter((entry) => entry.marker === "");
  if (pins.length === 0 || pins.some((entry) => entry.type === "")) return hostKeyTypes;
  return hostKeyTypes.filter((type) => pins.some((entry) => entry.type === type));
}

/** serverHostKey algorithms for key types, in the order of preference. */
export function hostKeyAlgorithms(types: readonly string[]): readonly string[] {
  return types.flatMap((type) => byType[type] ?? []);
}
