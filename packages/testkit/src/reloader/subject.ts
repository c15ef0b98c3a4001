import type { FleetHost } from "../fleet/host.ts";

/** Text by path. */
export type Files = Readonly<Record<string, string>>;

/** A server of applications on a host, and how it is told to serve another release. */
export interface Reloader {
  /** What `activate` says of it beside the health check. */
  readonly activate: Readonly<Record<string, unknown>>;
  /** What it says where its `test` is to be left out; absent: it has none. */
  readonly untested?: Readonly<Record<string, unknown>>;
  /** It tells by itself that a release does not come up; else its health does. */
  readonly settles?: true;
  /** Nobody is refused while it changes over, and nobody is cut. */
  readonly gentle?: true;
  /** Its host has a systemd of its own. */
  readonly systemd?: true;
  /** A release whose application names itself: on `port` of the host's loopback, in the body of every answer. */
  readonly app: Files;
  /** One whose application does not come up. */
  readonly broken: Files;
  readonly port: number;
  /** Puts the server's own settings on the host and starts it, in the place of one that runs: it is told to serve this folder. */
  start(host: FleetHost, folder: string): Promise<void>;
}
