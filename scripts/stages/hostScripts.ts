import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Assembly, assemblies, folder, type Source } from "../lib/hostScripts.ts";
import { run } from "../lib/run.ts";

type Sources = ReadonlyMap<string, Source>;

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly code: number;
  readonly message: string;
}

/**
 * What is wrong with the host scripts, a line each. Shellcheck sees the texts that are sent, so that it knows every
 * variable; and their headers must be true: what a source needs is what others with it set.
 */
export async function hostScriptProblems(program: string, sources: Sources): Promise<readonly string[]> {
  const texts = assemblies(sources).flatMap((it) => (it.embedded === undefined ? [it] : [it, it.embedded]));
  const scratch = mkdtempSync(join(tmpdir(), "deploy-shellcheck-"));
  const check = async (kind: string, files: ReadonlyMap<string, string>, options: readonly string[]) => {
    const paths = [...files].map(([name, text]) => {
      const path = join(scratch, `${name}.${kind}`);
      writeFileSync(path, text);
      return path;
    });
    const ran = await run(program, ["--norc", "--shell=sh", "--format=json", ...options, ...paths]);
    const found = JSON.parse(ran.output) as readonly Finding[];
    return found.map((it) => ({ ...it, file: it.file.slice(scratch.length + 1, -kind.length - 1) }));
  };
  const alone = new Map([...sources].map(([noun, { text }]) => [noun, text]));
  const sent = new Map(
    texts.map((it) => [
      it.noun,
      linesOf(it, sources)
        .map(({ text }) => text)
        .join("\n"),
    ]),
  );
  try {
    const [whole, unassigned] = await Promise.all([
      // 2015, `A && B || fail`: should B fail, failing is right. 2317: traps and "act_$verb" call what looks unreachable.
      check("whole", sent, ["--exclude=SC2015,SC2317"]),
      check("alone", alone, ["--include=SC2154"]),
    ]);
    return [...wholeProblems(whole, texts, sources), ...headerProblems(unassigned, texts, sources)];
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function linesOf({ noun, pieces, embedded }: Assembly, sources: Sources) {
  return pieces.flatMap((piece) => {
    const lines = (sources.get(piece)?.text ?? "").trimEnd().split("\n");
    const own = lines.map((text, at) => ({ text, piece, at: at + 1 }));
    return piece !== noun || embedded === undefined
      ? own
      : [{ text: `${embedded.noun}=''`, piece, at: 0 }, ...own];
  });
}

function wholeProblems(
  found: readonly Finding[],
  texts: readonly Assembly[],
  sources: Sources,
): readonly string[] {
  const lines = new Map(texts.map((it) => [it.noun, linesOf(it, sources)]));
  const times = new Map<string, number>();
  const problems = found.flatMap(({ file, line, code, message }) => {
    const { piece = "", at = 0 } = lines.get(file)?.[line - 1] ?? {};
    const source = sources.get(piece);
    // A directive in a header is for that file, and shellcheck sees it amid others.
    if (header(source, "shellcheck disable=").some((codes) => codes.split(",").includes(`SC${code}`)))
      return [];
    const problem = `${folder}/${source?.file}:${at}: SC${code}: ${message}`;
    times.set(problem, (times.get(problem) ?? 0) + 1);
    return [{ problem, code, texts: texts.filter(({ pieces }) => pieces.includes(piece)).length }];
  });
  // 2034: unused is what no text uses that has it.
  const real = problems.filter((it) => it.code !== 2034 || times.get(it.problem) === it.texts);
  return [...new Set(real.map(({ problem }) => problem))];
}

/** B, D and L are everybody's, and capitals are the environment's to shellcheck. */
const isCapital = (name: string) => /^[A-Z]$/.test(name);

function headerProblems(
  unassigned: readonly Finding[],
  texts: readonly Assembly[],
  sources: Sources,
): readonly string[] {
  const needs = (noun: string) => header(sources.get(noun), "needs ");
  const sets = (noun: string) => header(sources.get(noun), "sets ");
  const gives = (noun: string, name: string) =>
    name.endsWith("()")
      ? sources.get(noun)?.text.includes(`\n${name} {`) === true ||
        sources.get(noun)?.text.includes(`\n${name} (`) === true
      : sets(noun).includes(name);
  const problems: string[] = [];
  for (const [noun, { file }] of sources) {
    const say = (what: string) => problems.push(`${folder}/${file}: ${what}`);
    const used = unassigned
      .filter((it) => it.file === noun)
      .map(({ message }) => message.split(" ")[0] ?? "");
    const named = needs(noun).filter((name) => !name.endsWith("()") && !isCapital(name));
    for (const name of used) if (!named.includes(name)) say(`the header does not say that it needs ${name}`);
    for (const name of named) if (!used.includes(name)) say(`the header says that it needs ${name}`);
    const having = texts.filter(({ pieces }) => pieces.includes(noun));
    if (having.length === 0) say("no script has it");
    for (const text of having) {
      const others = text.pieces.filter((piece) => piece !== noun);
      for (const name of needs(noun)) {
        if (name !== text.embedded?.noun && !others.some((other) => gives(other, name)))
          say(`nothing else in ${text.noun} says that it sets ${name}`);
      }
    }
    const asked = new Set(
      having.flatMap(({ pieces }) => pieces.filter((piece) => piece !== noun).flatMap(needs)),
    );
    for (const name of sets(noun)) {
      if (!asked.has(name) && !isCapital(name)) say(`nothing needs ${name}, which the header says it sets`);
    }
  }
  return problems;
}

/** The words behind this one in the comments that a source begins with. */
function header(source: Source | undefined, word: string): readonly string[] {
  const lines = (source?.text ?? "").split("\n");
  const end = lines.findIndex((line) => !line.startsWith("#"));
  const found = lines.slice(0, end).filter((line) => line.startsWith(`# ${word}`));
  return found.flatMap((line) => line.slice(word.length + 2).split(" "));
}
