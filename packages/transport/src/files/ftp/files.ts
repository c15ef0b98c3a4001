import { once } from "node:events";
import type { Socket } from "node:net";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DeployError, type Host } from "@deploy/core";
import { type Client, FTPError } from "basic-ftp";
import type { Abilities, Entry, Files } from "../port.ts";
import { whole } from "../whole.ts";
import { ftpError, isNothing } from "./errors.ts";
import { entriesOf, longest, text } from "./listing.ts";
import type { Pool } from "./pool.ts";
import { transfer } from "./transfer.ts";

/** FTP (RFC 959, 3659), by several connections. What a server can beyond that shows when it is first asked. */
export class FtpFiles implements Files {
  readonly #host: Host;
  readonly #pool: Pool;
  #modes = true;
  /** Whether a rename replaces what is there; undefined: not tried yet. */
  #replace: Promise<boolean> | undefined;
  #replaces = false;

  constructor(host: Host, pool: Pool) {
    this.#host = host;
    this.#pool = pool;
  }

  get can(): Abilities {
    const { most: atOnce } = this.#pool;
    return { links: false, hardLinks: false, modes: this.#modes, replace: this.#replaces, atOnce };
  }

  /** The folder is gone into first: of a name, some servers would make a pattern. */
  list(folder: string): Promise<readonly Entry[] | undefined> {
    return this.#ask("list", folder, async (client) => {
      try {
        await client.send(`CWD ${folder}`);
      } catch (error) {
        if (isNothing(error)) return undefined;
        throw error;
      }
      const command = client.availableListCommands.includes("MLSD") ? "MLSD" : "LIST -a";
      let found = "";
      try {
        await this.#transfer(client, [command], async (data) => {
          found = await text(data);
        });
      } catch (error) {
        if (!isNothing(error)) throw error;
      }
      return entriesOf(client, found);
    });
  }

  async read(file: string, limit: number): Promise<Uint8Array | undefined> {
    try {
      return await whole(this.stream(file), limit, `${file} on ${this.#host.name}`);
    } catch (error) {
      if (error instanceof Nothing) return undefined;
      throw error;
    }
  }

  /** Its end is the server's word: a data connection that ends early is the same to see. */
  async *stream(file: string, offset = 0): AsyncGenerator<Uint8Array> {
    const through = new PassThrough();
    const before = offset === 0 ? [] : [`REST ${offset}`];
    const read = this.#ask("read", file, (client) =>
      this.#transfer(client, [...before, `RETR ${file}`], (data) => pipeline(data, through, { end: false })),
    ).then(
      () => through.end(),
      (error: unknown) => through.destroy(error as Error),
    );
    try {
      yield* through as AsyncIterable<Uint8Array>;
    } finally {
      through.destroy();
      await read;
    }
  }

  async write(
    file: string,
    bytes: AsyncIterable<Uint8Array>,
    { from = 0 }: { readonly from?: number } = {},
  ): Promise<void> {
    let begun = false;
    const send = (command: string) => (client: Client) =>
      this.#transfer(client, [`${command} ${file}`], (data) => {
        begun = true;
        return sent(bytes, data);
      });
    try {
      await this.#ask("write", file, send(from === 0 ? "STOR" : "APPE"));
    } catch (error) {
      if (isLost(error)) throw error;
      if (begun) throw await this.#whyUnwritten(file, error);
      // Some servers append nothing, and some (ProFTPD unless told) overwrite nothing.
      if (from !== 0) return this.#append(file, bytes, from);
      await this.#ask("remove", file, (client) => client.send(`DELE ${file}`)).catch(() => {
        throw error;
      });
      await this.#ask("write", file, send("STOR"));
    }
  }

  async #append(file: string, bytes: AsyncIterable<Uint8Array>, from: number): Promise<void> {
    const before = ((await this.read(file, longest)) ?? new Uint8Array()).subarray(0, from);
    await this.write(
      `${file}.new`,
      (async function* () {
        yield before;
        yield* bytes;
      })(),
    );
    await this.rename(`${file}.new`, file);
  }

  /** Many say no more than that they failed: where a page finds no room beside it, it was for want of room. */
  async #whyUnwritten(file: string, error: unknown): Promise<unknown> {
    if ((error as DeployError).problem.code !== "write-failed") return error;
    const page = async function* () {
      yield Buffer.alloc(4_096);
    };
    const trial = `${file}.try`;
    const store = (client: Client) => this.#transfer(client, [`STOR ${trial}`], (data) => sent(page(), data));
    const full = await this.#ask("write", trial, store).then(
      () => false,
      (thrown: unknown) => !isLost(thrown),
    );
    if (full) await this.remove(file).catch(() => undefined);
    await this.remove(trial).catch(() => undefined);
    if (!full) return error;
    return new DeployError("disk-full", `${file} on ${this.#host.name}: not even 4,096 bytes are free`);
  }

  async rename(from: string, to: string): Promise<void> {
    if (!(await this.#learned(to.slice(0, to.lastIndexOf("/"))))) await this.remove(to);
    await this.#ask("rename", to, (client) => renamed(client, from, to));
  }

  /** Whether a rename replaces, tried with two files of ours: after the first real one it would be too late. */
  #learned(folder: string): Promise<boolean> {
    this.#replace ??= (async () => {
      const [one, other] = [`${folder}/.try1`, `${folder}/.try2`];
      for (const path of [one, other]) await this.write(path, Readable.from([Buffer.from("\n")]));
      this.#replaces = await this.#ask("rename", other, (client) =>
        renamed(client, one, other).then(
          () => true,
          (error: unknown) => {
            if (error instanceof FTPError && error.code !== 421) return false;
            throw error;
          },
        ),
      );
      for (const path of this.#replaces ? [other] : [one, other]) await this.remove(path);
      return this.#replaces;
    })();
    this.#replace.catch(() => {
      this.#replace = undefined;
    });
    return this.#replace;
  }

  remove(file: string): Promise<void> {
    return this.#ask("remove", file, (client) => client.send(`DELE ${file}`)).then(
      () => undefined,
      (error: unknown) => this.#unlessGone(file, error),
    );
  }

  async makeFolder(folder: string): Promise<boolean> {
    return this.#ask("make", folder, async (client) => {
      try {
        await client.send(`MKD ${folder}`);
        return true;
      } catch (error) {
        if (!(error instanceof FTPError) || error.code === 421) throw error;
        await client.send(`CWD ${folder}`).catch(() => {
          throw error;
        });
        return false;
      }
    });
  }

  removeFolder(folder: string): Promise<void> {
    return this.#ask("remove", folder, (client) => client.send(`RMD ${folder}`)).then(
      () => undefined,
      (error: unknown) => this.#unlessGone(folder, error),
    );
  }

  /** Of servers without SITE CHMOD a file has the mode that they give it. */
  async setMode(path: string, mode: number): Promise<void> {
    if (!this.#modes) return;
    await this.#ask("chmod", path, async (client) => {
      const { code } = await client.sendIgnoringError(`SITE CHMOD ${mode.toString(8)} ${path}`);
      if (code >= 400) this.#modes = false;
    });
  }

  setLink(link: string): Promise<void> {
    return Promise.reject(new DeployError("write-failed", `${link}: FTP has no links`));
  }

  hardLink(_: string, to: string): Promise<void> {
    return this.setLink(to);
  }

  async close(): Promise<void> {
    this.#pool.close();
  }

  async #unlessGone(path: string, error: unknown): Promise<void> {
    const [folder, name] = [path.slice(0, path.lastIndexOf("/")), path.slice(path.lastIndexOf("/") + 1)];
    if (isLost(error)) throw error;
    if ((await this.list(folder === "" ? "/" : folder))?.some((entry) => entry.name === name) === true)
      throw error;
  }

  #transfer(
    client: Client,
    commands: readonly string[],
    use: (data: Socket) => Promise<void>,
  ): Promise<void> {
    return transfer({ client, host: this.#host }, commands, use);
  }

  async #ask<T>(verb: string, path: string, work: (client: Client) => Promise<T>): Promise<T> {
    const what = `${verb} ${path}`;
    try {
      return await this.#pool.run(what, work);
    } catch (error) {
      if (isNothing(error) && verb === "read")
        throw new Nothing(`${what} on ${this.#host.name}: it is not there`);
      throw ftpError(error, `${what} on ${this.#host.name}`);
    }
  }
}

const isLost = (error: unknown): boolean =>
  error instanceof DeployError && error.problem.code === "connection-lost";

class Nothing extends DeployError {
  constructor(message: string) {
    super("write-failed", message);
  }
}

async function renamed(client: Client, from: string, to: string): Promise<void> {
  await client.send(`RNFR ${from}`);
  await client.send(`RNTO ${to}`);
}

/** Not by `pipeline`, which would take a server that closes after the last byte for a failure. */
async function sent(bytes: AsyncIterable<Uint8Array>, data: Socket): Promise<void> {
  const broken = once(data, "close").then(() => {
    throw data.errored ?? new Error("the server ended it");
  });
  broken.catch(() => undefined);
  for await (const chunk of bytes) if (!data.write(chunk)) await Promise.race([once(data, "drain"), broken]);
  const finished = once(data, "finish");
  data.end();
  await Promise.race([finished, broken]);
}
