import { table, vocabulary } from "./table.ts";

/**
 * The imports of one source file that take more than types and vocabulary from a package its room may
 * only know the types of, one line each. Pure.
 */
export function valuesBeyondTypes(file: string, source: string): readonly string[] {
  const room = table[/^packages\/([^/]+)\/src\//.exec(file)?.[1] ?? ""];
  if (room === undefined) return [];
  return importsOf(source)
    .filter(({ from }) => room.types.includes(from))
    .flatMap(({ names, from }) =>
      names
        .filter((name) => !(vocabulary as readonly string[]).includes(name))
        .map((name) => `${file}: imports the value ${name} from @deploy/${from}, whose types it may import`),
    );
}

/** Values only: `import type` and `type X` are left out. */
function importsOf(source: string): readonly { names: readonly string[]; from: string }[] {
  const found = source.matchAll(/^(?:import|export)\s+(?!type\b)([^;"']*?)\s*from\s+"@deploy\/([^"]+)"/gm);
  return [...found].map(([, clause = "", from = ""]) => ({ from, names: namesOf(clause) }));
}

function namesOf(clause: string): readonly string[] {
  const braced = /^\{([^}]*)\}$/.exec(clause)?.[1];
  if (braced === undefined) return [clause];
  return braced
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith("type "))
    .map((name) => name.split(/\s+as\s+/)[0] ?? name);
}
