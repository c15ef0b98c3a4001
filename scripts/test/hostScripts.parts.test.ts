import { needs } from "@deploy/testkit";
import { expect, test } from "@jest/globals";
import { hostScriptProblems } from "../stages/hostScripts.ts";

const answer = '# sets word\n\nbegin() { word=$1; }\nmain() { act "$@"; }\n';
const part = "# needs word\n# sets told\n\ntell() { told=$word; }\n";
const script =
  '# with part.sh\n# needs told tell()\n#\n# say WORD\nact() {\n  begin "$1"\n  tell\n  echo "$told"\n}\nmain "$@"\n';

const problemsOf = (changed: {
  readonly answer?: string;
  readonly part?: string;
  readonly script?: string;
}) =>
  hostScriptProblems(
    "shellcheck",
    new Map([
      ["answer", { file: "prelude/answer.sh", text: changed.answer ?? answer }],
      ["part", { file: "part.sh", text: changed.part ?? part }],
      ["say", { file: "say.sh", text: changed.script ?? script }],
    ]),
  );

needs("shellcheck")("host scripts", () => {
  test("are right together, though none is alone", async () => {
    expect(await problemsOf({})).toEqual([]);
  });

  test("a variable that nothing in the whole text sets is found where it stands", async () => {
    expect(await problemsOf({ answer: 'begin() { :; }\nmain() { act "$@"; }\n' })).toEqual([
      "packages/remote/scripts/part.sh:4: SC2154: word is referenced but not assigned.",
      "packages/remote/scripts/part.sh: nothing else in say says that it sets word",
    ]);
  });

  test("a variable that no text uses is found, and what a header should not say", async () => {
    expect(await problemsOf({ script: script.replace("  tell\n", "").replace("$told", "$1") })).toEqual([
      "packages/remote/scripts/part.sh:4: SC2034: told appears unused. Verify use (or export if used externally).",
      "packages/remote/scripts/say.sh: the header says that it needs told",
    ]);
  });

  test("what a header should say, and a function that is gone", async () => {
    const gone = part.replace("# needs word\n", "").replace("tell()", "told()");
    expect(await problemsOf({ part: gone })).toEqual([
      "packages/remote/scripts/prelude/answer.sh: nothing needs word, which the header says it sets",
      "packages/remote/scripts/part.sh: the header does not say that it needs word",
      "packages/remote/scripts/say.sh: nothing else in say says that it sets tell()",
    ]);
  });
});
