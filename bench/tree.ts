import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The application of the measurements: 1,900 files (or DEPLOY_BENCH_FILES), 19 MB, 40 folders. The same bytes each time. */
const files = Number(process.env.DEPLOY_BENCH_FILES ?? 1_900);
export const shape = { files, bytes: 10_000, folders: 40, changed: 10 } as const;

export async function writeApp(root: string): Promise<void> {
  for (let folder = 0; folder < shape.folders; folder++) {
    await mkdir(join(root, `lib/part${folder}`), { recursive: true });
  }
  for (let file = 0; file < shape.files; file++) await writeFile(join(root, pathOf(file)), content(file, 0));
}

/** Changes ten files spread over the tree; `round` makes the bytes new each time. Gives their paths. */
export async function changeApp(root: string, round: number): Promise<readonly string[]> {
  const paths = Array.from(
    { length: shape.changed },
    (_, index) => index * (Math.floor(shape.files / shape.changed) - 3),
  );
  for (const file of paths) await writeFile(join(root, pathOf(file)), content(file, round));
  return paths.map(pathOf);
}

function pathOf(file: number): string {
  return `lib/part${file % shape.folders}/module${file}.js`;
}

/** Bytes that compress as source text does, about four to one, from a small generator (Numerical Recipes' LCG). */
function content(file: number, round: number): string {
  let seed = file * 7_919 + round * 104_729 + 1;
  let text = "";
  while (text.length < shape.bytes) {
    seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    text += `export const value${seed % 9_973} = ${seed.toString(36)};\n`;
  }
  return text.slice(0, shape.bytes);
}
