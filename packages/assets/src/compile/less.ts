import { isAbsolute, join, resolve } from "node:path";
import type { Problem } from "@deploy/core";
import type { Task } from "../sources/tasks.ts";
import type { Compiled, Warning } from "./compiled.ts";
import { fromRoot, fromSource, type Setting } from "./setting.ts";
import { readMap } from "./sourceMap.ts";
import { partialAdvice, syntaxProblem } from "./syntax.ts";

interface LoadedFile {
  readonly filename: string;
}

interface FileManager {
  supports(): boolean;
  supportsSync(): boolean;
  loadFile(...args: LoadArguments): Promise<LoadedFile> | (Partial<LoadedFile> & { readonly error?: object });
}

type LoadArguments = [
  file: string,
  folder: string,
  options: { readonly syncImport?: boolean } | undefined,
  environment: unknown,
];

/** What we use of Less: https://lesscss.org/usage/#programmatic-usage */
export interface LessDriver {
  readonly environment?: LessEnvironment;
  readonly FileManager: new () => FileManager;
  render(text: string, options: unknown): Promise<{ css: string; map?: string; imports: readonly string[] }>;
}

/** What Less asks of packages that it merely hopes for. */
interface LessEnvironment {
  mimeLookup(file: string): string;
  charsetLookup(mime: string): string | undefined;
  getSourceMapGenerator(): unknown;
}

interface LessError {
  readonly type: string;
  readonly message: string;
  readonly filename: string;
  readonly line: number;
  /** From 0. */
  readonly column: number;
  toString(options: { stylize: (text: string) => string }): string;
}

/** Ours: in a bundle the packages it hopes for are not there, and it would go on without source maps and say nothing. */
export async function startLess(): Promise<LessDriver> {
  // The main entry of the package reads its own package.json when it is loaded; this one is one file.
  const [loaded, { lookup }, { default: maps }] = await Promise.all([
    import("less/dist/less-node.cjs"),
    import("mrmime"),
    import("source-map-js"),
  ]);
  const less = driveLess(loaded);
  const environment: LessEnvironment = {
    mimeLookup: (file) => lookup(file) ?? "application/octet-stream",
    charsetLookup: (mime) => (/^text\/|^application\/(?:javascript|json)/.test(mime) ? "UTF-8" : undefined),
    getSourceMapGenerator: () => maps.SourceMapGenerator,
  };
  Object.assign(less.environment ?? {}, environment);
  return less;
}

export function driveLess(loaded: unknown): LessDriver {
  const { default: inner } = loaded as { default?: LessDriver };
  return inner ?? (loaded as LessDriver);
}

/** What a style sheet of an older Less needs beside. */
interface Manner {
  readonly javascriptEnabled: boolean;
  /** 0: every `/` divides, as before version 4; 1: one in parentheses does. */
  readonly math: 0 | 1;
}

/**
 * As Less 4 reads it; where that is a fault, as Less 3 did, which is told. Code in a style sheet runs only where code of
 * the project may. Throws what Less throws at first: see `lessProblem`.
 */
export async function compileLess(
  less: LessDriver,
  text: string,
  task: Task,
  setting: Setting,
): Promise<Compiled> {
  let manner: Manner = { javascriptEnabled: false, math: 1 };
  let first: unknown;
  for (;;) {
    try {
      return await compileOnce(less, text, task, setting, manner);
    } catch (error) {
      first ??= error;
      const next = nextManner(error, manner, setting);
      if (next === undefined) throw first;
      manner = next;
    }
  }
}

function nextManner(error: unknown, manner: Manner, { ownCode }: Setting): Manner | undefined {
  const { message = "", type } = error as Partial<LessError>;
  if (/inline javascript is not enabled/i.test(message)) {
    return ownCode && !manner.javascriptEnabled ? { ...manner, javascriptEnabled: true } : undefined;
  }
  const calculating = ["Argument", "Operation", "Runtime"].includes(type ?? "");
  return calculating && manner.math === 1 ? { ...manner, math: 0 } : undefined;
}

async function compileOnce(
  less: LessDriver,
  text: string,
  task: Task,
  setting: Setting,
  manner: Manner,
): Promise<Compiled> {
  const seen = {
    inputs: new Set([task.absolute]),
    missed: new Set<string>(),
    plugin: manner.javascriptEnabled,
  };
  const told = "It is of a Less before version 4, and read as that did: every `/` divides";
  const warnings: Warning[] =
    manner.math === 0 ? [{ text: told, place: { file: fromRoot(setting, task.absolute) } }] : [];
  const manager = recordingManager(less, seen);
  const plugin = { install: (_: unknown, plugins: Plugins) => plugins.addFileManager(manager) };
  const result = await less.render(text, {
    filename: task.absolute,
    paths: [...setting.search],
    plugins: [plugin],
    ...manner,
    ...(setting.sourceMaps
      ? {
          sourceMap: {
            outputSourceFiles: true,
            sourceMapBasepath: setting.source,
            disableSourcemapAnnotation: true,
          },
        }
      : {}),
  });
  const rename = (source: string) => fromSource(setting, resolve(setting.source, source));
  return {
    css: result.css,
    ...(result.map === undefined ? {} : { map: readMap(result.map, rename) }),
    inputs: [...seen.inputs],
    missed: [...seen.missed],
    warnings,
    repeatable: !seen.plugin,
  };
}

interface Plugins {
  addFileManager(manager: FileManager): void;
}

interface Seen {
  readonly inputs: Set<string>;
  readonly missed: Set<string>;
  plugin: boolean;
}

/**
 * Reads files as Less does, and keeps account: `data-uri()` reads too, and is in no list of imports. Nothing is fetched:
 * a style sheet that is downloaded while building is another one each time.
 */
function recordingManager(less: LessDriver, seen: Seen): FileManager {
  const found = (file: string) => {
    seen.inputs.add(resolve(file));
    if (/\.c?js$/.test(file)) seen.plugin = true;
  };
  const missed = (file: string, folder: string) =>
    seen.missed.add(isAbsolute(file) ? file : join(resolve(folder), file));
  return new (class extends less.FileManager {
    override supports() {
      return true;
    }
    override supportsSync() {
      return true;
    }
    // Reading at once, too, comes through here: its answer is then no promise.
    override loadFile(...args: LoadArguments) {
      const refused = refuseUrl(args);
      // Thrown, it would leave Less waiting for ever.
      if (refused !== undefined)
        return args[2]?.syncImport === true ? { error: refused } : Promise.reject(refused);
      missed(args[0], args[1]);
      const loaded = super.loadFile(...args);
      if (!(loaded instanceof Promise)) {
        if (loaded.filename !== undefined) found(loaded.filename);
        return loaded;
      }
      return loaded.then((file) => {
        found(file.filename);
        return file;
      });
    }
  })();
}

function refuseUrl([file, folder]: LoadArguments): object | undefined {
  const url = [file, folder].find((one) => /^(?:[a-z][a-z0-9+.-]+:)?\/\//i.test(one));
  if (url === undefined) return undefined;
  return { type: "File", message: `"${url}" is not fetched: put the file into the repository` };
}

/** An error of Less as a problem; undefined for any other. */
export function lessProblem(error: unknown, setting: Setting): Problem | undefined {
  const { message, filename, line, column, type } = error as Partial<LessError>;
  if (typeof filename !== "string" || typeof type !== "string") return undefined;
  return syntaxProblem({
    tool: "less",
    message: message ?? type,
    file: fromRoot(setting, resolve(filename)),
    line,
    column: column === undefined ? undefined : column + 1,
    excerpt: excerptOf(error as LessError),
    advice: partialAdvice,
  });
}

function excerptOf(error: LessError): string {
  const text = error.toString({ stylize: (part) => part });
  return text.slice(text.indexOf("\n") + 1).trimEnd();
}
