import { DeployError, type Host } from "@deploy/core";
import type { Client, FileEntryWithStats, SFTPWrapper } from "ssh2";
import type { Abilities, Entry, Files, Space } from "./port.ts";
import { codes, sftpError } from "./sftpErrors.ts";
import { whole } from "./whole.ts";

/** Bytes of one request: servers of the protocol's version 3 take as much, and more is cut by some. */
const block = 32_768;
/** Requests under way for one file. */
const window = 16;

/** Bytes: where fewer are free, a failed write is one for want of room. */
const full = 1_048_576;

interface Statvfs {
  readonly f_bavail: number;
  readonly f_frsize: number;
  readonly f_favail: number;
}

/** SFTP (draft-ietf-secsh-filexfer-02, version 3) with OpenSSH's extensions where the server names them. */
export class SftpFiles implements Files {
  readonly can: Abilities;
  readonly #host: Host;
  readonly #client: Client;
  readonly #sftp: SFTPWrapper;
  readonly #leave: () => void;
  readonly #extensions: Readonly<Record<string, string>>;
  #lost: string | undefined;
  readonly #gone: Promise<never>;

  constructor(host: Host, client: Client, sftp: SFTPWrapper, leave: () => void) {
    this.#host = host;
    this.#client = client;
    this.#sftp = sftp;
    this.#leave = leave;
    this.#extensions = (sftp as unknown as { _extensions?: Record<string, string> })._extensions ?? {};
    const named = this.#extensions;
    const replace = named["posix-rename@openssh.com"] === "1";
    const hardLinks = named["hardlink@openssh.com"] === "1";
    this.can = { links: replace, hardLinks, modes: true, replace, atOnce: 16 };
    this.#gone = new Promise((_, reject) => {
      const end = (why: string) => {
        this.#lost ??= why;
        reject(new DeployError("connection-lost", `the connection to ${host.name} was lost: ${why}`));
      };
      client.on("error", (error: Error) => end(error.message));
      client.once("close", () => {
        end("the server closed it");
        leave();
      });
      sftp.once("close", () => end("the server closed it"));
    });
    this.#gone.catch(() => undefined);
  }

  async list(folder: string): Promise<readonly Entry[] | undefined> {
    const found = await this.#unless<FileEntryWithStats[]>("list", folder, (done) =>
      this.#sftp.readdir(folder, done),
    );
    return found?.flatMap((entry) => entryOf(entry));
  }

  async read(file: string, limit: number): Promise<Uint8Array | undefined> {
    try {
      return await whole(this.stream(file), limit, `${file} on ${this.#host.name}`);
    } catch (error) {
      if (error instanceof DeployError && error.cause === codes.noSuchFile) return undefined;
      throw error;
    }
  }

  async *stream(file: string, offset = 0): AsyncGenerator<Uint8Array> {
    const handle = await this.#ask<Buffer>("read", file, (done) => this.#sftp.open(file, "r", done));
    try {
      for (let at = offset; ; ) {
        const part = await this.#part(file, handle, at);
        if (part === undefined) return;
        at += part.length;
        yield part;
      }
    } finally {
      await this.#close(handle);
    }
  }

  async #part(file: string, handle: Buffer, at: number): Promise<Uint8Array | undefined> {
    const buffer = Buffer.alloc(block);
    const read = await this.#ask<number>("read", file, (done) =>
      this.#sftp.read(handle, buffer, 0, block, at, (error, bytes) =>
        (error as { code?: number } | undefined)?.code === codes.end
          ? done(undefined, 0)
          : done(error, bytes),
      ),
    );
    return read === 0 ? undefined : buffer.subarray(0, read);
  }

  async write(
    file: string,
    bytes: AsyncIterable<Uint8Array>,
    { from }: { readonly from?: number } = {},
  ): Promise<void> {
    const flags = from === undefined || from === 0 ? "w" : "r+";
    const handle = await this.#ask<Buffer>("write", file, (done) => this.#sftp.open(file, flags, done));
    const under: Promise<void>[] = [];
    let failed: { readonly error: unknown } | undefined;
    try {
      let at = from ?? 0;
      for await (const part of blocksOf(bytes)) {
        const place = at;
        at += part.length;
        const one = this.#ask<void>("write", file, (done) =>
          this.#sftp.write(handle, Buffer.from(part), 0, part.length, place, (error) => done(error)),
        ).catch((error: unknown) => {
          failed ??= { error };
        });
        under.push(one);
        if (under.length >= window) await under.shift();
        if (failed !== undefined) break;
      }
      await Promise.all(under);
    } finally {
      await this.#close(handle);
    }
    if (failed !== undefined) throw await this.#whyUnwritten(file, failed.error);
  }

  /** The server says no more than that it failed. */
  async #whyUnwritten(file: string, error: unknown): Promise<unknown> {
    if (!(error instanceof DeployError) || error.cause !== codes.failure) return error;
    const space = await this.space(file.slice(0, file.lastIndexOf("/")));
    if (space === undefined || (space.bytes >= full && space.inodes > 0)) return error;
    return new DeployError("disk-full", `${file} on ${this.#host.name}: ${space.bytes} bytes are free`);
  }

  async space(folder: string): Promise<Space | undefined> {
    if (this.#extensions["statvfs@openssh.com"] !== "2") return undefined;
    const told = await this.#unless<Statvfs>("statvfs", folder, (done) =>
      this.#sftp.ext_openssh_statvfs(folder, done as never),
    );
    return told && { bytes: told.f_bavail * told.f_frsize, inodes: told.f_favail };
  }

  async rename(from: string, to: string): Promise<void> {
    if (this.can.replace)
      return this.#ask("rename", to, (done) => this.#sftp.ext_openssh_rename(from, to, done));
    await this.remove(to);
    return this.#ask("rename", to, (done) => this.#sftp.rename(from, to, done));
  }

  async remove(file: string): Promise<void> {
    await this.#unless("remove", file, (done) => this.#sftp.unlink(file, (error) => done(error, null)));
  }

  /** What failed since it was there already, the protocol does not tell from any other failure. */
  async makeFolder(folder: string): Promise<boolean> {
    try {
      await this.#ask<void>("make", folder, (done) => this.#sftp.mkdir(folder, { mode: 0o755 }, done));
      return true;
    } catch (error) {
      if ((error as DeployError).problem?.code === "connection-lost") throw error;
      if ((await this.list(folder)) !== undefined) return false;
      throw error;
    }
  }

  async removeFolder(folder: string): Promise<void> {
    await this.#unless("remove", folder, (done) => this.#sftp.rmdir(folder, (error) => done(error, null)));
  }

  setMode(path: string, mode: number): Promise<void> {
    return this.#ask("chmod", path, (done) => this.#sftp.chmod(path, mode, done));
  }

  async setLink(link: string, target: string): Promise<void> {
    await this.remove(`${link}.new`);
    await this.#ask<void>("link", link, (done) => this.#sftp.symlink(target, `${link}.new`, done));
    await this.rename(`${link}.new`, link);
  }

  hardLink(from: string, to: string): Promise<void> {
    return this.#ask("link", to, (done) => this.#sftp.ext_openssh_hardlink(from, to, done));
  }

  async close(): Promise<void> {
    this.#lost ??= "it was closed";
    this.#client.end();
    this.#client.destroy();
    this.#leave();
  }

  /** The answer, or undefined where nothing lies there. */
  async #unless<T>(verb: string, path: string, start: (done: Done<T>) => unknown): Promise<T | undefined> {
    try {
      return await this.#ask(verb, path, start);
    } catch (error) {
      if (error instanceof DeployError && error.cause === codes.noSuchFile) return undefined;
      throw error;
    }
  }

  async #ask<T>(verb: string, path: string, start: (done: Done<T>) => unknown): Promise<T> {
    if (this.#lost !== undefined)
      throw new DeployError("connection-lost", `the connection to ${this.#host.name} is gone: ${this.#lost}`);
    const answer = new Promise<T>((resolve, reject) => {
      start((error, value) =>
        error ? reject(sftpError(error, `${verb} ${path} on ${this.#host.name}`)) : resolve(value as T),
      );
    });
    answer.catch(() => undefined);
    return Promise.race([answer, this.#gone]);
  }

  #close(handle: Buffer): Promise<void> {
    return this.#ask<void>("close", "a file", (done) => this.#sftp.close(handle, done)).catch(
      () => undefined,
    );
  }
}

type Done<T> = (error: Error | null | undefined, value?: T) => void;

/** By the type bits of a mode, as POSIX systems have them. */
const kinds: ReadonlyMap<number, Entry["kind"]> = new Map([
  [0o100000, "file"],
  [0o040000, "folder"],
  [0o120000, "link"],
]);

function entryOf({ filename, attrs }: FileEntryWithStats): readonly Entry[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (filename === "." || filename === ".." || /[/\0-\x1f\x7f]/.test(filename)) return [];
  const kind = kinds.get(attrs.mode & 0o170000) ?? "other";
  const { size, mtime: modified } = attrs;
  return [
    {
      name: filename,
      kind,
      size,
      modified,
      mode: attrs.mode & 0o7777,
    },
  ];
}

async function* blocksOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes)
    for (let at = 0; at < chunk.length; at += block) yield chunk.subarray(at, at + block);
}
