import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Problem } from "@deploy/core";
import type * as Sass from "sass";
import type { Task } from "../sources/tasks.ts";
import type { Compiled, Warning } from "./compiled.ts";
import { fromRoot, fromSource, type Setting } from "./setting.ts";
import { readMap, sourcePath } from "./sourceMap.ts";
import { partialAdvice, syntaxProblem } from "./syntax.ts";

/** What we use of Sass; the pure one and the embedded one have the same. */
export interface SassDriver {
  readonly compile: typeof Sass.compile;
  readonly NodePackageImporter?: typeof Sass.NodePackageImporter;
  readonly dispose?: () => void;
}

/** The project's own. The embedded one starts its program once, not per file. */
export function driveSass(loaded: unknown): SassDriver {
  const sass = loaded as typeof Sass;
  if (!sass.info.startsWith("sass-embedded") || sass.initCompiler === undefined) return sass;
  const compiler = sass.initCompiler();
  return {
    compile: (path, options) => compiler.compile(path, options),
    NodePackageImporter: sass.NodePackageImporter,
    dispose: () => compiler.dispose(),
  };
}

/** Throws what Sass throws: see `sassProblem`. */
export function compileSass(sass: SassDriver, task: Task, setting: Setting): Compiled {
  const warnings: Warning[] = [];
  const importers =
    sass.NodePackageImporter === undefined ? [] : [new sass.NodePackageImporter(setting.root)];
  const result = sass.compile(task.absolute, {
    loadPaths: [...setting.search],
    importers,
    sourceMap: setting.sourceMaps,
    sourceMapIncludeSources: true,
    style: "expanded",
    alertColor: false,
    // What a dependency should write otherwise is no use to who only depends on it.
    quietDeps: true,
    logger: {
      warn: (message, options) => warnings.push(toWarning(message, options, task, setting)),
      debug: (message, { span }) => warnings.push(toWarning(message, { span }, task, setting)),
    },
  });
  const rename = (source: string) => fromSource(setting, sourcePath(source));
  return {
    // The command line ends its output with a newline, the library does not.
    css: result.css === "" ? "" : `${result.css}\n`,
    ...(result.sourceMap === undefined ? {} : { map: readMap(result.sourceMap, rename) }),
    inputs: result.loadedUrls.filter(({ protocol }) => protocol === "file:").map((url) => fileURLToPath(url)),
    missed: [],
    warnings,
    repeatable: true,
  };
}

function toWarning(
  message: string,
  options: { deprecation?: boolean; span?: Sass.SourceSpan | undefined; stack?: string },
  task: Task,
  setting: Setting,
): Warning {
  const { span } = options;
  const text = options.deprecation === true ? `Deprecated: ${message}` : message;
  if (span === undefined) return { text, place: { file: fromRoot(setting, task.absolute) } };
  return { text, place: placeOf(span, task, setting) };
}

/** An exception of Sass as a problem; undefined for any other. */
export function sassProblem(error: unknown, task: Task, setting: Setting): Problem | undefined {
  const { sassMessage, span, message } = error as Partial<Sass.Exception>;
  if (typeof sassMessage !== "string" || span === undefined) return undefined;
  const place = placeOf(span, task, setting);
  const old = /["']~/.test(span.text ?? "");
  return syntaxProblem({
    tool: "sass",
    message: sassMessage,
    ...place,
    excerpt: fromRepository(message?.slice(sassMessage.length).replace(/^\n/, "") ?? "", setting),
    advice: old
      ? "Leave out the `~` of webpack: `node_modules` is looked through without it. Nothing was written or published."
      : partialAdvice,
  });
}

function placeOf(span: Sass.SourceSpan, task: Task, setting: Setting) {
  // Compared as text, since the two Sasses have URLs of their own making.
  const url = String(span.url ?? pathToFileURL(task.absolute));
  const file = url.startsWith("file:") ? fromRoot(setting, fileURLToPath(url)) : url;
  return { file, line: span.start.line + 1, column: span.start.column + 1 };
}

/** Sass shows paths from the working directory or the system's root, whichever is shorter; people know them from the repository. */
function fromRepository(excerpt: string, { root }: Setting): string {
  const forms = [`${root}/`, `${relative(process.cwd(), root)}/`].filter((form) => form !== "/");
  return forms.reduce((text, form) => text.replaceAll(`  ${form}`, "  "), excerpt);
}
