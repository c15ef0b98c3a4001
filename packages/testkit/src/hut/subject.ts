import type { Transport } from "@deploy/transport";

/** A server that runs nothing for us, and a way to look at what it has. */
export interface HutSubject {
  /** A folder of this machine: what the server calls `/`. */
  readonly folder: string;
  connect(): Promise<Transport>;
  /** Opens a connection that is lost after so many bytes to the server; absent where there is none to cut. */
  cutAfter?(bytes: number): Promise<Transport>;
  /** Bytes that came to the server over connections of `cutAfter` so far. */
  bytes?(): number;
  dispose(): Promise<void>;
}
