import { type Metafile, transform } from "esbuild";

/** What another compiler made. */
const generated = /\/sass\.dart\.js$/;

/** Without indentation where nobody reads it: of the Sass compiler that is a fiftieth of what every job downloads. */
export async function dense(
  contents: Uint8Array,
  { inputs }: Pick<Metafile["outputs"][string], "inputs">,
): Promise<Uint8Array> {
  if (!Object.keys(inputs).some((file) => generated.test(file))) return contents;
  const text = Buffer.from(contents).toString();
  const { code } = await transform(text, { format: "esm", minifyWhitespace: true, charset: "utf8" });
  return Buffer.from(code);
}
