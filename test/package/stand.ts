import { createReadStream, existsSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  makeCertificate,
  type Published,
  publish,
  type Repository,
  renderSources,
  type WrittenDeb,
} from "@deploy/package";
import { mintSigner, pemSigner, type Signer } from "@deploy/sign";
import { folderStore } from "@deploy/store";
import { build, makeFolder, time } from "../../packages/package/test/stage.ts";

/** A repository in a folder, and a server that hosts read it from. */
export interface Stand {
  readonly folder: string;
  /** Where objects are files. */
  readonly objects: string;
  readonly url: string;
  readonly signer: Signer;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  repository(changes?: Partial<Repository>): Repository;
  /** Builds a release and publishes its packages. */
  release(
    id: string,
    changes?: Partial<Repository>,
    settings?: Parameters<typeof build>[1],
  ): Promise<Published>;
  /** The file for /etc/apt/sources.list.d. */
  sources(): Promise<string>;
  close(): Promise<void>;
}

export async function openStand(signer: Signer = pemSigner(mintSigner())): Promise<Stand> {
  const folder = makeFolder();
  const objects = join(folder, "objects");
  const asked: string[] = [];
  const server = await serve(objects, asked);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const repository = (changes: Partial<Repository> = {}): Repository => ({
    store: folderStore(objects),
    signer,
    suite: "stable",
    origin: "shop",
    now: () => new Date(),
    pause: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
    ...changes,
  });
  return {
    folder,
    objects,
    url,
    signer,
    asked,
    repository,
    release: async (release, changes, settings) =>
      publish(repository(changes), (await build(folder, { release, ...settings })).map(offer)),
    sources: async () => {
      const { armored } = await makeCertificate(signer, "shop staging", time);
      return renderSources({ url, suite: "stable", certificate: armored });
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function offer(deb: WrittenDeb) {
  return { ...deb, body: { file: deb.file, size: deb.size } };
}

function serve(root: string, asked: string[]): Promise<Server> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    asked.push(path);
    const file = join(root, path);
    if (path.includes("..") || !existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Length": statSync(file).size });
    return createReadStream(file).pipe(response);
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}
