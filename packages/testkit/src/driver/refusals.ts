import { makeBackup } from "@deploy/backup";
import type { Problem } from "@deploy/core";
import { passwordOf } from "@deploy/remote";
import { expect, test } from "@jest/globals";
import { codeOf } from "../store/subject.ts";
import { calledBy, everything, type Ground, problemOf } from "./ground.ts";

export function refusals(ground: Ground): void {
  test("what is not there, is empty, or lets nobody in: one clear error, and no backup", async () => {
    const before = await everything(ground);
    const { stage, subject } = ground;
    for (const [what, source] of Object.entries(subject.refused)) {
      const problem = await problemOf(makeBackup(stage.request(source, { allowIdentityChange: true })));
      const told = { what, code: problem.code, hint: problem.hint !== "", secret: holds(problem, source) };
      const code = expect.stringMatching(/^backup-(source|empty)$/);
      expect(told).toEqual({ what, code, hint: true, secret: false });
    }
    const small = stage.request(subject.source, { minimum: 1_000_000_000 });
    expect((await problemOf(makeBackup(small))).code).toBe("backup-empty");
    expect(await everything(ground)).toEqual(before);
  });

  test("a host without its tools: the one that is missing is named", async () => {
    const { stage, subject } = ground;
    for (const without of subject.tools) {
      const transport = stage.equipped({ without });
      const problem = await problemOf(makeBackup(stage.request(subject.source, { transport })));
      const named = without.some((tool) => problem.message.includes(tool));
      expect([problem.code, named, problem.hint]).toEqual([
        "tool-missing",
        true,
        expect.stringMatching(/\S/),
      ]);
    }
  });

  test("a tool that does half of the work and ends well has made no backup", async () => {
    const before = await everything(ground);
    const { stage, subject } = ground;
    const { program, args, half = '"$real" "$@" | head -c 1000' } = subject.dumper;
    const text = `case "$*" in ${args}) ${half} ;; *) exec "$real" "$@" ;; esac`;
    const transport = stage.equipped({ programs: { [program]: text } });
    expect(await codeOf(makeBackup(stage.request(subject.source, { transport })))).toBe("backup-failed");
    expect(await everything(ground)).toEqual(before);
  });

  test("another database than last time is refused, unless it is meant", async () => {
    const { stage, subject } = ground;
    const { other } = subject;
    expect(other !== undefined).toBe(calledBy(subject) !== undefined);
    if (other === undefined) return;
    expect(await codeOf(makeBackup(stage.request(other)))).toBe("backup-identity");
    const meant = await makeBackup(stage.request(other, { allowIdentityChange: true }));
    for (const key of [`${meant.id}.json`, meant.stored.key]) await stage.store.remove(key);
  });
}

function holds(problem: Problem, source: Parameters<typeof passwordOf>[0]): boolean {
  const password = passwordOf(source);
  return password !== "" && JSON.stringify(problem).includes(password);
}
