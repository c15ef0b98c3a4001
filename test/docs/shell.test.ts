import { spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { programFor } from "../../packages/cli/src/program.ts";
import { recordedIo } from "../../packages/cli/test/io.ts";
import { blocksOf, namedCommands } from "./blocks.ts";

const blocks = blocksOf("sh").map(({ place, text }) => [place, text] as const);

test.each(blocks)("%s is a script that a shell can read", (_, text) => {
  const { status, stderr } = spawnSync("bash", ["-n"], { input: placeheld(text), encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
});

test.each(blocks)("%s names commands and options of deploy that there are", async (_, text) => {
  for (const line of commandsIn(text)) expect([line, await understood(line)]).toEqual([line, "yes"]);
});

test("every command that a sentence names is one", async () => {
  const named = namedCommands();
  const wrong = [];
  for (const { place, text } of named) {
    const answer = await understood(text);
    // What a sentence leaves out is not wrong.
    if (answer !== "yes" && !answer.includes("missing required")) wrong.push([place, text, answer]);
  }
  expect([named.length > 50, wrong]).toEqual([true, []]);
});

test("a command or an option that there is not is found", async () => {
  expect(await understood("deploy rnu")).toMatch(/unknown command 'rnu'/);
  expect(await understood("deploy run --yess")).toMatch(/unknown option '--yess'/);
});

/** `<host>` stands for a word of the reader's. */
const placeheld = (text: string): string => text.replace(/<[a-z][a-z- ]*>/g, "word");

/** The lines that call deploy, by its name or through npx, without what is behind a pipe, a redirection or a comment. */
function commandsIn(text: string): readonly string[] {
  const lines = placeheld(text).replaceAll("\\\n", " ").split("\n");
  return lines.flatMap((line) => {
    const [, rest] =
      /^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:npx (?:@org\/|github:org\/)?)?deploy(?:#v\d+)?((?: [^|<>#;&]*)?)/.exec(
        line,
      ) ?? [];
    return rest === undefined ? [] : [`deploy${rest}`.trimEnd()];
  });
}

/** Reads a line as the command does, and runs nothing; what is wrong with it, else `yes`. */
async function understood(line: string): Promise<string> {
  const io = recordedIo({});
  const [, ...words] = line.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  try {
    await programFor(io, async () => {}).parseAsync(words, { from: "user" });
    return "yes";
  } catch (error) {
    return /^commander\.help(Displayed)?$/.test((error as { code?: string }).code ?? "")
      ? "yes"
      : `${(error as Error).message} ${io.err()}`;
  }
}
