/**
 * Files on a server that runs nothing for us: SFTP. Paths are `/`-separated and absolute; every call that fails
 * rejects with a DeployError that names the server and the path. What a listing says is data: names with `/`, control characters
 * or that are `.` and `..` never come out of it. A call whose end is not known, since the connection is gone, rejects with
 * `connection-lost`, as all later ones; what found no room with `disk-full`, any other failure of a change with `write-failed`.
 */
export interface Files {
  readonly can: Abilities;
  /** Undefined where there is no such folder. In no order. */
  list(folder: string): Promise<readonly Entry[] | undefined>;
  /** Undefined where nothing lies. `limit`: bytes; more rejects with `answer-unreadable`. */
  read(file: string, limit: number): Promise<Uint8Array | undefined>;
  /** A stream of a file's bytes from `offset` on. */
  stream(file: string, offset?: number): AsyncIterable<Uint8Array>;
  /** Makes or replaces; folders above must be there. `from`: bytes that lie there already and stay. */
  write(file: string, bytes: AsyncIterable<Uint8Array>, options?: { readonly from?: number }): Promise<void>;
  /** A file or a folder. Onto nothing, or (with `can.replace`) onto a file in one step; else what lay there is removed first. */
  rename(from: string, to: string): Promise<void>;
  /** A file or link; nothing there is no error. */
  remove(file: string): Promise<void>;
  /** False where it was there already: whoever gets true made it, alone. The folder above must be there. */
  makeFolder(folder: string): Promise<boolean>;
  /** An empty folder; nothing there is no error. */
  removeFolder(folder: string): Promise<void>;
  setMode(path: string, mode: number): Promise<void>;
  /** `link` names `target` from now on, in one step where `can.replace`. Only with `can.links`. */
  setLink(link: string, target: string): Promise<void>;
  /** Another name of the same file. Only with `can.hardLinks`. */
  hardLink(from: string, to: string): Promise<void>;
  /** Free bytes and names of the file system; undefined where the server does not say. Absent: it never says. */
  space?(folder: string): Promise<Space | undefined>;
  close(): Promise<void>;
}

export interface Space {
  readonly bytes: number;
  readonly inodes: number;
}

export interface Entry {
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "other";
  /** Bytes, of a file. */
  readonly size: number;
  /** Seconds since 1970; absent where the server does not say, or not to the second. */
  readonly modified?: number;
  /** Permission bits; absent where the server does not say. */
  readonly mode?: number;
}

/** What this server can, found out when it was connected to. */
export interface Abilities {
  readonly links: boolean;
  readonly hardLinks: boolean;
  readonly modes: boolean;
  /** A rename onto a file replaces it in one step. */
  readonly replace: boolean;
  /** Calls that may be under way at once. */
  readonly atOnce: number;
}
