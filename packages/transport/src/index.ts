export * from "./clock.ts";
export { fingerprint } from "./fingerprint.ts";
export { hostName } from "./host-pattern.ts";
export { type PrivateKey, readPrivateKey } from "./keys.ts";
export { type KnownHost, type KnownHosts, parseKnownHosts, type Verdict, verdict } from "./known-hosts.ts";
export { type LocalOptions, localConnector } from "./local.ts";
export * from "./port.ts";
export { recordingTransport } from "./recording.ts";
export { type SshOptions, sshConnector } from "./ssh.ts";
