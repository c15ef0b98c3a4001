import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Pointed, type Pointer, signPointer } from "@deploy/pull";
import { mintSigner, pemSigner, type Signer } from "@deploy/sign";
import type { Shell } from "../../packages/remote/test/host.ts";
import { file, sha256, streamOf } from "../../packages/remote/test/stream.ts";
import { type Machine, makeMachine } from "./machine.ts";

/** A store behind HTTP, and the application of one machine, which names the release it serves. */
export interface Stage {
  readonly url: string;
  readonly folder: string;
  /** `METHOD PATH` of all that was asked. */
  readonly asked: string[];
  readonly signer: Signer;
  /** Releases whose application answers 500. */
  readonly broken: Set<string>;
  machine(name?: string): Promise<Machine>;
  /** Puts the parcel of a release into the store. */
  parcel(release: string, write?: Stage["write"]): Pointed;
  publish(more: Partial<Pointer> & Pick<Pointer, "serial" | "live">, signer?: Signer): Promise<string>;
  write(key: string, text: string | Uint8Array): void;
  /** Keys below status/. */
  status(): readonly string[];
  close(): Promise<void>;
}

export const A = "20261121T084450Z-aaaaaaa";
export const B = "20261121T094450Z-bbbbbbb";

export async function makeStage(shell: Shell): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "pull-store-"));
  const asked: string[] = [];
  const broken = new Set<string>();
  const machines: Machine[] = [];
  const signer = pemSigner(mintSigner());
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    asked.push(`${request.method} ${path}`);
    if (path.startsWith("/up/")) {
      const release = machines[Number(path.slice(4))]?.live();
      response.writeHead(release === undefined || broken.has(release) ? 500 : 200, {
        "X-Release": release ?? "",
      });
      response.end();
      return;
    }
    const at = join(folder, path);
    if (request.method === "PUT") {
      const bytes: Buffer[] = [];
      request.on("data", (chunk: Buffer) => bytes.push(chunk));
      request.on("end", () => {
        write(path, Buffer.concat(bytes));
        response.end();
      });
    } else if (existsSync(at)) response.end(readFileSync(at));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const write = (key: string, text: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), text);
  };
  return {
    url,
    folder,
    asked,
    signer,
    broken,
    write,
    machine: async (name = "i-1") => {
      const pem = String((await signer.publicKey()).export({ format: "pem", type: "spki" }));
      const settings = { app: "shop", environment: "production", store: url, floor: 40, host: name };
      const machine = makeMachine(shell, settings, pem);
      machines.push(machine);
      return machine;
    },
    parcel: (release, into = write) => parcelOf(release, into),
    publish: async (more, by = signer) => {
      const text = await signPointer(pointerOf(url, more), by);
      write("pointer", text);
      return text;
    },
    status: () => {
      const root = join(folder, "status");
      const names = existsSync(root) ? readdirSync(root, { recursive: true, withFileTypes: true }) : [];
      return names
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .sort();
    },
    close: async () => {
      for (const machine of machines) machine.remove();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

function parcelOf(release: string, write: Stage["write"]): Pointed {
  const { payload, options } = streamOf({
    "index.html": file(`<p>${release}</p>\n`),
    run: file("#!/bin/sh\n", 0o755),
  });
  const sha = sha256(payload);
  write(`parcels/${sha}`, payload);
  const parcel = { sha256: sha, bytes: payload.length, encoding: "gzip" } as const;
  const { manifest, files, mtime } = options;
  return { release, manifest, files, mtime, commit: "4".repeat(40), parcel, deltas: [] };
}

/** As `serial` and `live` say, for an hour. */
export function pointerOf(url: string, more: Partial<Pointer> & Pick<Pointer, "serial" | "live">): Pointer {
  const now = Math.floor(Date.now() / 1000);
  return {
    app: "shop",
    environment: "production",
    issued: now,
    expires: now + 3600,
    activateAt: undefined,
    next: undefined,
    keep: 2,
    directories: ["log"],
    files: [".env"],
    prepare: [],
    afterSwitch: [],
    health: { url: `${url}/up/0`, tries: 1 },
    ...more,
  };
}
