export * from "./clock.ts";
export type * from "./files/port.ts";
export { fingerprint } from "./keys/fingerprint.ts";
export { hostName } from "./keys/hostPattern.ts";
export {
  type KnownHost,
  type KnownHosts,
  parseKnownHosts,
  type Verdict,
  verdict,
} from "./keys/knownHosts.ts";
export { type LocalOptions, localConnector } from "./local/connector.ts";
export { addressesOf, answersAt } from "./outside/address.ts";
export { certificateAt } from "./outside/certificate.ts";
export { pageAt } from "./outside/page.ts";
export { loadPlay } from "./playbook/load.ts";
export type { Played, PlayOptions } from "./playbook/play.ts";
export * from "./port.ts";
export { recordingTransport } from "./recording.ts";
export { localRsync } from "./rsync/local.ts";
export { type RsyncSend, type RsyncSent, sendByRsync } from "./rsync/send.ts";
export type { SshOptions } from "./ssh/connector.ts";
export { loadFtpConnector, loadSftpConnector, loadSshConnector } from "./ssh/load.ts";
