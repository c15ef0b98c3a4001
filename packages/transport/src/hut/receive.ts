import { createHash } from "node:crypto";
import { DeployError } from "@deploy/core";
import type { Asks } from "@deploy/remote";
import type { ExecOptions } from "../port.ts";
import { beforeUs, inTheWay } from "./adopt.ts";
import {
  bytesOf,
  type Ground,
  holds,
  journal,
  keepManifest,
  makeBase,
  marked,
  namesOf,
  putText,
  readLive,
  readRelease,
  readStore,
  readText,
  readTree,
  stamp,
  stored,
} from "./ground.ts";
import { Lanes } from "./lanes.ts";
import { entered } from "./mutex.ts";
import { linesOf, sha256, type Tree, type TreeFile, treeOf } from "./tree.ts";
import { unpacked } from "./unpacked.ts";
import { type TarEntry, untar } from "./untar.ts";

type Receive = Asks["receive"];

/** Brings what a release has and the server has not into the store: nobody sees it there. */
export async function receive(
  ground: Ground,
  ask: Receive,
  { input }: ExecOptions,
): Promise<readonly string[]> {
  if (input === undefined) throw new DeployError("stream-damaged", "there is no upload");
  await makeBase(ground);
  await entered(ground, ask.fence);
  await moveIn(ground, ask);
  const known = await readRelease(ground, ask.release);
  if (known !== undefined && known.manifest !== ask.manifest)
    throw new DeployError("release-differs", `release ${ask.release} is there already with other content`);
  if (known !== undefined && known.state !== "partial" && known.state !== "bad") {
    for await (const _ of input) void _;
    return [`already ${known.state}`];
  }
  const text = await unpack(ground, ask, input);
  const state = ask.ready ? "ready" : "partial";
  await putText(ground, `manifests/${ask.release}`, marked(text));
  keepManifest(ground, ask.manifest, text);
  const { manifest, artifact, commit, run, mtime: time, without = [] } = ask;
  const left = without.length === 0 ? {} : { without: without.join(" ") };
  const record = { schema: 1, state, manifest, artifact, commit, run, time, ...left, created: stamp(ground) };
  await putText(ground, `releases/${ask.release}.json`, `${JSON.stringify(record)}\n`);
  await journal(ground, ask.fence, [null, ask.release, "upload"]);
  return [`received ${state}`];
}

async function moveIn(ground: Ground, { tenant: { app, environment, repository } }: Receive): Promise<void> {
  const line = `1 ${app} ${environment} ${repository.replaceAll(/[^A-Za-z0-9._:/@+-]/g, "_") || "-"}\n`;
  if ((await readText(ground, "tenant")) !== line) await putText(ground, "tenant", line);
}

async function unpack(ground: Ground, ask: Receive, input: AsyncIterable<Uint8Array>): Promise<string> {
  const parcel = new Parcel(ground, ask);
  for await (const entry of untar(unpacked(input, ask.encoding ?? "gzip"))) await parcel.take(entry);
  return parcel.end();
}

/** A parcel on its way: `manifest` and `keep` come first, and say what else may come. */
class Parcel {
  readonly #ground: Ground;
  readonly #ask: Receive;
  readonly #lanes: Lanes;
  #text: string | undefined;
  #begun: Promise<{ readonly tree: Tree; readonly has: (file: TreeFile) => boolean }> | undefined;
  readonly #came = new Set<string>();

  constructor(ground: Ground, ask: Receive) {
    this.#ground = ground;
    this.#ask = ask;
    this.#lanes = new Lanes(ground.files.can.atOnce);
  }

  async take(entry: TarEntry): Promise<void> {
    if (entry.name === "manifest") this.#text = (await whole(entry)).toString();
    else if (entry.name === "keep") await whole(entry);
    else if (entry.kind === "file" && entry.name.startsWith("tree/")) await this.#file(entry);
    else if (entry.kind === "link" || !/^tree(\/|$)/.test(entry.name))
      throw new DeployError("stream-refused", `the upload was refused: unexpected entry ${entry.name}`);
  }

  /** The manifest's text, once all that it names is there. */
  async end(): Promise<string> {
    const { tree, has } = await this.#begin();
    const { release, commit } = this.#ask;
    for (const file of namesOf(release, commit)) {
      if (tree.files.get(file.path)?.sha256 !== file.sha256 || has(file)) continue;
      await this.#lanes.run(() => this.#ground.files.write(stored(this.#ground, file), bytesOf(file.text)));
      this.#came.add(file.path);
    }
    await this.#lanes.end();
    for (const file of tree.files.values())
      if (!has(file) && !this.#came.has(file.path))
        throw new DeployError("base-changed", `${file.path} is not there as it was deployed`);
    await this.#proof(tree);
    return this.#text ?? "";
  }

  /** The server is asked what it took: it may be full, and say so nowhere. */
  async #proof({ files }: Tree): Promise<void> {
    const store = await readStore(this.#ground);
    for (const path of this.#came) {
      const file = files.get(path);
      if (file !== undefined && !holds(store, file))
        throw new DeployError("disk-full", `${path} did not come to the server whole`);
    }
  }

  #begin() {
    this.#begun ??= this.#look();
    return this.#begun;
  }

  async #look() {
    const { release, commit, manifest } = this.#ask;
    const text = this.#text;
    if (text === undefined || sha256(text) !== manifest)
      throw new DeployError(
        "stream-refused",
        "the upload was refused: its manifest is not the announced one",
      );
    const tree = treeOf(text, namesOf(release, commit));
    const live = await readLive(this.#ground);
    if (live.current === null && live.begun === undefined) {
      const before = linesOf(await beforeUs(this.#ground, tree));
      await putText(this.#ground, "manifests/before", marked(before));
    }
    const now = await readTree(this.#ground, live.current);
    if (live.begun === undefined && live.current !== null) await inTheWay(this.#ground, tree, now);
    const store = await readStore(this.#ground);
    const has = (file: TreeFile) => holds(store, file) || now.files.get(file.path)?.sha256 === file.sha256;
    return { tree, has };
  }

  async #file(entry: TarEntry): Promise<void> {
    const { tree, has } = await this.#begin();
    const file = tree.files.get(entry.name.slice("tree/".length));
    if (file === undefined || file.size !== entry.size)
      throw new DeployError("stream-refused", `the upload was refused: unexpected entry ${entry.name}`);
    if (has(file)) return;
    this.#came.add(file.path);
    // What is small is read at once, so that others are sent beside it.
    if (file.size > small) {
      await this.#lanes.end();
      return this.#send(file, entry.bytes);
    }
    const bytes = await whole(entry);
    await this.#lanes.run(() => this.#send(file, bytesOf(bytes)));
  }

  async #send(file: TreeFile, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const { files } = this.#ground;
    const place = stored(this.#ground, file);
    const hash = createHash("sha256");
    await files.write(
      place,
      heard(bytes, (chunk) => hash.update(chunk)),
    );
    if (hash.digest("hex") !== file.sha256) {
      await files.remove(place);
      throw new DeployError("stream-damaged", `${file.path} is not what its manifest says`);
    }
    if ((file.mode & 0o111) !== 0 && files.can.modes) await files.setMode(place, file.mode);
  }
}

/** Bytes. */
const small = 1_048_576;

async function whole({ bytes }: TarEntry): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}

async function* heard(
  bytes: AsyncIterable<Uint8Array>,
  hear: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    hear(chunk);
    yield chunk;
  }
}
