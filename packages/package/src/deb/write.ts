import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { DeployError } from "@deploy/core";
import { type Fields, renderParagraph } from "../control/fields.ts";
import { gather } from "../through.ts";
import { arHeader, arMagic, arPadding, largestMember } from "./ar.ts";
import { type FileItem, type Item, textItem, wholeTree } from "./item.ts";
import { memberTar } from "./tar.ts";

/** All that a package is made of. */
export interface DebSpec {
  /** Without Installed-Size, which follows from the items. */
  readonly fields: Fields;
  readonly items: readonly Item[];
  /** Paths with a leading `/`, which dpkg asks about before it replaces what an administrator changed. */
  readonly conffiles?: readonly string[];
  /** Name -> text of `preinst`, `postinst`, `prerm`, `postrm`, `triggers`. */
  readonly scripts?: Readonly<Record<string, string>>;
  /** Of everything in it, seconds since 1970. */
  readonly mtime: number;
}

/** A package on disk. */
export interface WrittenDeb {
  readonly file: string;
  /** As in its control file. */
  readonly fields: Fields;
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
}

/**
 * Writes a package: equal items and time are equal bytes, on one version of Node. Memory stays flat. What lies at `file` is replaced when
 * all is written. Throws what the items' data throws, and `package-invalid` where it grows over 10 GB, which the format cannot hold.
 */
export async function writeDeb(spec: DebSpec, file: string): Promise<WrittenDeb> {
  const items = wholeTree(spec.items);
  const [data, made] = [`${file}.data`, `${file}.part`];
  try {
    const sums = new Map<string, string>();
    const { size } = await writeAll(
      data,
      memberTar(
        items.map((item) => summed(item, sums)),
        spec.mtime,
      ),
    );
    if (size > largestMember) {
      throw new DeployError("package-invalid", `The package would have ${size} bytes; 10 GB is the most`);
    }
    const fields = { ...spec.fields, "Installed-Size": String(installedSize(items)) };
    const control = await gather(memberTar(controlItems(spec, fields, sums), spec.mtime));
    const whole = await writeAll(made, archive(control, { file: data, size }, spec.mtime));
    await rename(made, file);
    return { file, fields, ...whole };
  } finally {
    await Promise.all([data, made].map((left) => rm(left, { force: true })));
  }
}

async function* archive(
  control: Buffer,
  data: { readonly file: string; readonly size: number },
  mtime: number,
): AsyncGenerator<Uint8Array> {
  const version = Buffer.from("2.0\n");
  yield Buffer.concat([arMagic, arHeader("debian-binary", version.length, mtime), version]);
  yield Buffer.concat([
    arHeader("control.tar.gz", control.length, mtime),
    control,
    arPadding(control.length),
  ]);
  yield arHeader("data.tar.gz", data.size, mtime);
  yield* createReadStream(data.file, { highWaterMark: 256 * 1024 });
  yield arPadding(data.size);
}

function controlItems(
  { conffiles = [], scripts = {} }: DebSpec,
  fields: Fields,
  sums: ReadonlyMap<string, string>,
): readonly Item[] {
  const asked = new Set(conffiles);
  const lines = [...sums]
    .filter(([path]) => !asked.has(`/${path}`))
    .map(([path, sum]) => `${sum}  ${path}\n`);
  return wholeTree([
    textItem("control", renderParagraph(fields)),
    textItem("md5sums", lines.join("")),
    ...(conffiles.length === 0 ? [] : [textItem("conffiles", conffiles.map((path) => `${path}\n`).join(""))]),
    ...Object.entries(scripts).map(([name, text]) =>
      textItem(name, text, name === "triggers" ? 0o644 : 0o755),
    ),
  ]);
}

/** The item, whose MD5 is noted while it is read: dpkg's own check of what it installed. */
function summed(item: Item, sums: Map<string, string>): Item {
  return item.type === "file" ? { ...item, data: () => summing(item, sums) } : item;
}

async function* summing({ path, data }: FileItem, sums: Map<string, string>): AsyncGenerator<Uint8Array> {
  const sum = createHash("md5");
  for await (const part of data()) {
    sum.update(part);
    yield part;
  }
  sums.set(path, sum.digest("hex"));
}

/** KiB, as dpkg-gencontrol counts: files rounded up, one for everything else. */
function installedSize(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + (item.type === "file" ? Math.ceil(item.size / 1024) : 1), 0);
}

async function writeAll(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly size: number; readonly sha256: string }> {
  const handle = await open(file, "w", 0o644);
  const sum = createHash("sha256");
  let size = 0;
  try {
    for await (const part of bytes) {
      sum.update(part);
      size += part.length;
      for (let at = 0; at < part.length; ) at += (await handle.write(part, at)).bytesWritten;
    }
  } finally {
    await handle.close();
  }
  return { size, sha256: sum.digest("hex") };
}
