// What also runs outside jest (the demo, the benchmark).
export { appSource, startApp } from "./app/app.ts";
export { type BundleRan, runBundle } from "./bundle/run.ts";
export { openPostgres, type Postgres } from "./databases/postgres.ts";
export { type SshdFleet, type SshdFleetOptions, type SshdHostOptions, sshdFleet } from "./fleet/fleet.ts";
export type { FleetHost } from "./fleet/host.ts";
export { type FtpServer, openFtp } from "./hut/ftp.ts";
export type { FtpOptions } from "./hut/ftpServers.ts";
export { pathOfPart } from "./parts.ts";
export {
  type FakeTarget,
  type FakeTargetGroups,
  fakeTargetGroups,
} from "./pool/targetGroups.ts";
export { type TcpProxy, type TcpProxyOptions, tcpProxy } from "./proxy/proxy.ts";
export { type KeyPair, knownHostsLine, testKeys } from "./ssh/keys.ts";
export { type SshServer, type SshServerOptions, sshServer } from "./ssh/server.ts";
export type { Started } from "./started.ts";
export { type S3Server, s3Server } from "./store/s3Server.ts";
export { until } from "./until.ts";
