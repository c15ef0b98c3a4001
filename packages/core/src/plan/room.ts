import type { Artifact } from "./types.ts";

export interface Room {
  readonly bytes: number;
  readonly inodes: number;
}

/** File systems give room in these. */
const block = 4096;
/** prepare's lists of a release, per file: the manifest, what was sent, what lay in the base, hashes and modes. */
const listed = 1024;

/**
 * What making a release takes on a host at the worst moment. Its stream is unpacked as it comes and is nowhere stored,
 * whichever method brings it; the tree is made once, beside the releases that are there, and renamed into place.
 * Copies of unchanged files take their whole size. `linked`: they take none, and how much changed is known only when
 * the upload begins, so that only folders and lists are counted: prepare tells the rest (`disk-full`).
 * What a bridge brings from earlier releases is not known either; it has its room in the 5 % that are to spare.
 */
export function roomFor({ files, bytes }: Pick<Artifact, "files" | "bytes">, linked: boolean): Room {
  // An artifact does not count its folders. node_modules has one for six to eight files.
  const folders = Math.ceil(files / 4) + 64;
  // Each file may begin a block that it does not fill.
  const data = linked ? 0 : bytes + files * (block - 1);
  return {
    bytes: spare(data + folders * block + files * listed),
    inodes: spare((linked ? 0 : files) + folders),
  };
}

/** As much as the last one came to weigh when its commands had run, where that is more. */
export function orAsMuch(room: Room, last: Room | undefined): Room {
  if (last === undefined) return room;
  return {
    bytes: Math.max(room.bytes, spare(last.bytes)),
    inodes: Math.max(room.inodes, spare(last.inodes)),
  };
}

function spare(number: number): number {
  return Math.ceil((number * 105) / 100);
}
