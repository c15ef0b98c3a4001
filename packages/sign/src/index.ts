export { mintSigner, pemSigner } from "./pem.ts";
export { type P256Key, readPublicKey } from "./publicKey.ts";
export type { Signer } from "./signer.ts";
