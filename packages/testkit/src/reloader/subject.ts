import type { FleetHost } from "../fleet/host.ts";
import type { Part } from "../parts.ts";

/** Text by path. */
export type Files = Readonly<Record<string, string>>;

/** A server of applications on a host, and how it is told to serve another release. */
export interface Reloader {
  readonly name: string;
  /** The programs that it takes, beside those of every host. */
  readonly parts: readonly Part[];
  /** What `activate` says of it beside the health check. */
  readonly activate: Readonly<Record<string, unknown>>;
  /** What it says where its `test` is to be left out; absent: it has none. */
  readonly untested?: Readonly<Record<string, unknown>>;
  /** It tells by itself that a release does not come up; else it may be that only its health does. */
  readonly settles?: true;
  /**
   * Nobody is refused while it changes over, and nobody is cut: also not who asks for `/long`, an answer that has begun
   * before the switch, goes on after it and ends with `over`.
   */
  readonly gentle?: true;
  /** Its `check` sees that it was told the release instead of `current`, before anybody switches; else the health check does, after. */
  readonly sees?: true;
  /** It answers who reads and nobody else: its visitors do not POST. */
  readonly reads?: true;
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
