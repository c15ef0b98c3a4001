import { type JsDriver, JsFault, type JsInput, type JsOutput } from "./js.ts";

/** What we use of esbuild: https://esbuild.github.io/api/#transform */
interface Esbuild {
  transform(code: string, options: Readonly<Record<string, unknown>>): Promise<{ code: string; map: string }>;
  stop?(): Promise<void> | void;
}

interface EsbuildError {
  readonly errors: readonly {
    readonly text: string;
    readonly location: { readonly line: number; readonly column: number } | null;
  }[];
}

/** The project's own. Its program is asked for nothing at once, so that an absent one is known before the first file. */
export async function driveEsbuild(loaded: unknown): Promise<JsDriver> {
  const esbuild = loaded as Esbuild;
  await esbuild.transform("", {});
  return { minify: (input) => minify(esbuild, input), dispose: () => esbuild.stop?.() };
}

async function minify(esbuild: Esbuild, input: JsInput): Promise<JsOutput> {
  const { code, map } = await esbuild.transform(withMap(input), toOptions(input)).catch(rethrow);
  return { code, ...(input.sourceMaps ? { map } : {}) };
}

function toOptions(input: JsInput): Readonly<Record<string, unknown>> {
  return {
    loader: "js",
    minify: true,
    // What a script declares at its top is seen by other scripts; what a module declares is not.
    ...(input.module ? { format: "esm" } : {}),
    legalComments: "inline",
    logLevel: "silent",
    sourcefile: input.path,
    sourcemap: input.sourceMaps ? "external" : false,
  };
}

/** esbuild reads a map that is in the file's last line. */
function withMap({ code, map, sourceMaps }: JsInput): string {
  if (map === undefined || !sourceMaps) return code;
  const json = Buffer.from(JSON.stringify(map)).toString("base64");
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${json}`;
}

function rethrow(error: unknown): never {
  const first = (error as Partial<EsbuildError>).errors?.[0];
  if (first?.location == null) throw error;
  throw new JsFault(first.text, first.location.line, first.location.column + 1);
}
