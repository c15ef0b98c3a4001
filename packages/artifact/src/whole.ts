import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { damaged } from "./damaged.ts";
import { through } from "./encode.ts";
import { streamSize } from "./stream.ts";
import { packedFile, type Saved } from "./types.ts";

const chunk = 256 * 1024;

/** The packed file as it lies there; opened by who reads it, since a rehearsal does not. */
export async function* readPacked({ directory }: Pick<Saved, "directory">): AsyncGenerator<Uint8Array> {
  yield* createReadStream(packedFile(directory), { highWaterMark: chunk });
}

/** That the packed file is the one the record names: cheap, and enough where everything else in it is proven by hash. */
export async function checkPacked(saved: Pick<Saved, "directory" | "record">): Promise<void> {
  const { packed } = saved.record;
  const hash = createHash("sha256");
  let size = 0;
  try {
    for await (const part of readPacked(saved)) {
      hash.update(part);
      size += part.length;
    }
  } catch (error) {
    throw damaged(saved.directory, "release.tar.gz cannot be read to its end", error);
  }
  if (size !== packed.size) {
    throw damaged(saved.directory, `release.tar.gz has ${size} bytes, not ${packed.size}`);
  }
  if (hash.digest("hex") !== packed.digest) {
    throw damaged(saved.directory, "release.tar.gz has another digest");
  }
}

/**
 * The full stream, uncompressed as any host would do it. Its end is reached only where it has the digest that was
 * planned with; throws `artifact-damaged`.
 */
export async function* readWhole(saved: Saved): AsyncGenerator<Uint8Array> {
  const expected = streamSize(saved.manifest, saved.entries);
  const hash = createHash("sha256");
  let size = 0;
  try {
    for await (const part of through(readPacked(saved), createGunzip({ chunkSize: chunk }))) {
      size += part.length;
      // What swells without end is stopped here, not on a full disk.
      if (size > expected) throw new RangeError("it holds more than was packed");
      hash.update(part);
      yield part;
    }
  } catch (error) {
    throw damaged(saved.directory, "release.tar.gz cannot be read to its end", error);
  }
  if (hash.digest("hex") !== saved.record.artifact.digest) {
    throw damaged(saved.directory, "release.tar.gz has another digest");
  }
}
