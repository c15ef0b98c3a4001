import ssh2 from "ssh2";

export interface KeyPair {
  /** OpenSSH private key text. */
  readonly private: string;
  /** One line: type, key, comment. */
  readonly public: string;
}

/** A throwaway ed25519 key pair, with a passphrase if one is given. */
export function testKeys(options: { passphrase?: string; comment?: string } = {}): KeyPair {
  const { passphrase, comment = "testkit" } = options;
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519", {
      comment,
      ...(passphrase === undefined ? {} : { passphrase, cipher: "aes256-ctr", rounds: 4 }),
    });
    if (isWhole(pair.public)) return { private: pair.private, public: pair.public };
  }
}

// ssh2 1.17 drops a leading zero byte: about one pair in 256 is malformed.
function isWhole(publicLine: string): boolean {
  return wireOf(publicLine).length === 51 && !(ssh2.utils.parseKey(publicLine) instanceof Error);
}

/** The key's wire form, from a public key line. */
export function wireOf(publicLine: string): Buffer {
  return Buffer.from(publicLine.split(" ")[1] ?? "", "base64");
}

/** The known_hosts line that pins this key for this address. */
export function knownHostsLine(address: string, port: number, publicLine: string): string {
  const name = port === 22 ? address : `[${address}]:${port}`;
  return [name, ...publicLine.split(" ").slice(0, 2)].join(" ");
}
