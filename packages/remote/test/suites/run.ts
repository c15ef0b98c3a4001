import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { variables } from "@deploy/core";
import { until } from "@deploy/testkit";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { render, runUserCommand, type UserCommand } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost } from "../host.ts";
import { membersOf } from "../jobs.ts";
import { deployed, fenceOf, releaseA, releaseB } from "../scenario.ts";

/** Lines of an environment file, and what a command finds. */
const readable: Readonly<Record<string, string | undefined>> = {
  "# comment": undefined,
  "": undefined,
  "PLAIN=one two": "one two",
  'export QUOTED="three `id` \\$HOME \\"x\\" \\\\ \\w"': 'three `id` $HOME "x" \\ \\w',
  "SINGLE='four \"five\" $(id) \\n'": 'four "five" $(id) \\n',
  "EMPTY=": "",
  "EQUALS=a=b=c": "a=b=c",
  "  SPACED = x ": "x",
  "line=own": "own",
  "B=own too": "own too",
  "CARRIAGE=end\r": "end",
  "NOTED=value # of a note": "value",
  "COLOUR=#fff": "#fff",
  'HASH="a # b" # note': "a # b",
  "APOSTROPHE=O'Brien": "O'Brien",
  'JSON={"a":"b"}': '{"a":"b"}',
  'MULTI="line one\ntwo=2\n"': "line one\ntwo=2\n",
  "KEY='-----BEGIN\r\nit is\n\n-----END'": "-----BEGIN\nit is\n\n-----END",
  'ESCAPED="a\\nb"': "a\nb",
  "LAST=no newline": "no newline",
};

const refused = [
  ...["no equals", "1X=1", "A-B=1", "$(id)=1", "=1"].map((line) => [line, "is not NAME=value"] as const),
  ["UID=1", "sets what belongs to the shell"],
  ['A="one\ntwo=2', "opens a quote that nothing closes"],
  ['A="one"two', "goes on after its closing quote"],
  ["A=pa$word", "has a \\$ before a name that is not set above it: single quotes"],
  [`A="$\{B:-c}"`, "has a \\$ before a bracket"],
  ["A=$(id)", "has a \\$ before a bracket"],
  ["A=`id`", "begins with a backquote"],
  ["A=one\\\nB=2", ".* ends with a backslash"],
] as const;

export function runSuite(shell: Shell): void {
  describe(`user commands on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(async () => {
      host = makeHost(shell);
      await deployed(host);
    });
    afterEach(() => host.remove());
    const at = (path: string) => join(host.base, path);
    const command = (run: string, more: Partial<UserCommand> = {}) =>
      runUserCommand({
        fence: fenceOf(host),
        release: releaseA,
        directory: "release",
        run,
        step: "migrate",
        ...more,
      });
    const output = async (run: string, more: Partial<UserCommand> = {}) => {
      const result = await host.exec(command(run, more));
      return [result.status === "exited" ? result.code : result.status, result.stdout, result.stderr];
    };

    test.each([0, 1, 65, 70, 76, 126, 255])(
      "exit %i is the answer, and the output is only the command's",
      async (code) => {
        expect(await output(`echo out; echo err >&2; exit ${code}`)).toEqual([code, "out\n", "err\n"]);
        expect(await host.ask(command(`exit ${code}`))).toBe(code);
      },
    );

    test("that is not over in time is ended", async () => {
      const [code, out] = await output("echo begun; exec sleep 600", { timeout: 1 });
      expect([[124, 143].includes(code as number), out]).toEqual([true, "begun\n"]);
      expect((await output("echo done", { timeout: 60_000 }))[1]).toBe("done\n");
    });

    test("runs where it was told, with the names of the brief, no stdin, and the host's own locale", async () => {
      const names = ["RELEASE", "RELEASE_PATH", "SHARED_PATH", "CURRENT_PATH", "TO"].map(
        (name) => `"$DEPLOY_${name}"`,
      );
      const print = `printf '%s\\n' ${names.join(" ")} "$(pwd -P)" "$(umask)" "\${LC_ALL-none}"; cat`;
      const expected = [
        releaseA,
        at(`releases/${releaseA}`),
        at("shared"),
        at("current"),
        host.base,
        at(`releases/${releaseA}`),
        "0022",
        "none",
      ];
      expect(await output(print)).toEqual([0, `${expected.join("\n")}\n`, ""]);
      expect(await output("pwd", { directory: "current" })).toEqual([
        0,
        `${at(`releases/${releaseA}`)}\n`,
        "",
      ]);
    });

    test("runs under the host's own umask", () => {
      const { line, input } = render(command("umask"));
      const argv = ["-c", `umask 027; ${line}`];
      expect(execFileSync("/bin/sh", argv, { env: host.env, input, encoding: "utf8" })).toBe("0027\n");
    });

    test("a command of any text is one command", async () => {
      const text = 'echo "it\'s\\tone" \'two!\' $((1 + 2)) \\\n  "é ☃"\necho =:end #!x';
      expect(await output(text)).toEqual([0, (await output(text))[1], ""]);
      expect(await output("printf '%s|' 'a\\b' \"c!\" 'd\n' é '$(id)' '=:=101'")).toEqual([
        0,
        "a\\b|c!|d\n|é|$(id)|=:=101|",
        "",
      ]);
    });

    test("an environment file is read as dotenv has it, and not run", async () => {
      const all = Object.entries(readable);
      writeFileSync(at("shared/app.env"), all.map(([line]) => line).join("\n"));
      const names = all.flatMap(([line]) => /^\s*(?:export )?([A-Za-z_]\w*)/.exec(line)?.[1] ?? []);
      const run = `printf '[%s]\\n' ${names.map((name) => `"$${name}"`).join(" ")}; echo "\${two-none}"`;
      const values = all.flatMap(([, value]) => (value === undefined ? [] : [value]));
      expect(await output(run, { envFile: "app.env" })).toEqual([
        0,
        `${values.map((value) => `[${value}]\n`).join("")}none\n`,
        "",
      ]);
    });

    test("a command is told of its release by these variables and no other", async () => {
      const [code, text] = await output("env | sed -n 's/^\\(DEPLOY_[A-Z_]*\\)=.*/\\1/p' | sort");
      expect([code, String(text).trim().split("\n")]).toEqual([0, Object.keys(variables).sort()]);
    });

    test("a variable of an environment file may build on those above it and on the host's", async () => {
      const lines = [
        "ROOT=/srv/app",
        "PATH=$ROOT/bin:$PATH",
        `URL="http://$\{ROOT}x"`,
        "COST='$5' # each",
        "FEE=$5",
      ];
      writeFileSync(at("shared/app.env"), `${lines.join("\n")}\nDEPLOY_TO=forged`);
      const run = `case $PATH in /srv/app/bin:/*) echo "$URL $COST $FEE $DEPLOY_TO";; esac`;
      expect(await output(run, { envFile: "app.env" })).toEqual([
        0,
        `http:///srv/appx $5 $5 ${host.base}\n`,
        "",
      ]);
    });

    test.each(refused)("the line %j stops the command, by number and without its text", async (line, why) => {
      writeFileSync(at("shared/app.env"), `OK=1\n${line}\n`);
      expect(await host.refused(command("touch ran", { envFile: "app.env" }))).toEqual([
        "env-file-malformed",
        expect.stringMatching(new RegExp(`^line 2 of ${at("shared/app.env")} ${why}`)),
      ]);
    });

    test("what stops a command is told apart from its exit", async () => {
      expect((await host.refused(command("true", { envFile: "none.env" })))[0]).toBe("env-file-missing");
      expect((await host.refused(command("true", { release: releaseB })))[0]).toBe("release-missing");
      rmSync(at("current"));
      expect((await host.refused(command("true", { directory: "current" })))[0]).toBe("release-missing");
      expect(await host.ask(command("kill -9 $$"))).toBe(137);
      expect(await host.ask(command("no-such-program"))).toBe(127);
    });

    const staging = () => readdirSync(at(".deploy/staging"));

    test("a tied command ends as every other, and the end of stdin after it is nothing to what it left", async () => {
      const run = `sleep 600 >/dev/null 2>&1 & echo $! >${at("left")}; echo out; echo err >&2; exit 3`;
      const end = Promise.withResolvers<void>();
      const result = await host.exec(command(run, { tied: true }), undefined, end.promise);
      end.resolve();
      expect(result).toMatchObject({ status: "exited", code: 3, stdout: "out\n", stderr: "err\n" });
      const left = Number(readFileSync(at("left"), "utf8"));
      expect([process.kill(left, "SIGKILL"), staging()]).toEqual([true, []]);
    });

    test.each([
      ["and what it started", ":", {}],
      ["that heeds no TERM", "trap '' TERM", {}],
      ["that makes a success of it", "trap 'exit 0' TERM", {}],
      ["under a timeout", ":", { timeout: 600_000 }],
    ])("the end of stdin ends a tied command %s", async (_, first, more) => {
      const told = `echo $$ >${at("told")}; mv ${at("told")} ${at("begun")}`;
      const tied = command(`${first}; sleep 600 & ${told}; wait; wait`, { tied: true, ...more });
      const begun = until("it", () => existsSync(at("begun")));
      const result = await host.exec(tied, undefined, begun);
      expect(result).toMatchObject({ status: "exited", code: 143, stdout: "" });
      const group = Number(readFileSync(at("begun"), "utf8"));
      expect([membersOf(group), staging()]).toEqual([[], []]);
    });

    test("a tied command that removes our records ends all the same", async () => {
      const run = `rm -rf ${at(".deploy")}; exit 3`;
      const open = new Promise<void>(() => {});
      const result = await host.exec(command(run, { tied: true }), undefined, open);
      expect(result).toMatchObject({ status: "exited", code: 3 });
    });

    test("without setsid a tied command is not ended", async () => {
      host.remove();
      host = makeHost({ ...shell, programs: {}, without: [...(shell.without ?? []), "setsid"] });
      await deployed(host);
      expect(await output("sleep 0.2; echo whole; exit 3", { tied: true })).toEqual([3, "whole\n", ""]);
    });

    test("the journal has its end; a long command does not hold the mutex", async () => {
      mkdirSync(at("gate"));
      const slow = host.ask(
        command(`touch ${at("gate/in")}; until [ -e ${at("gate/out")} ]; do sleep 0.1; done; exit 3`),
      );
      expect(
        await host.ask(command(`until [ -e ${at("gate/in")} ]; do sleep 0.1; done; touch ${at("gate/out")}`)),
      ).toBe(0);
      expect(await slow).toBe(3);
      const lines = readFileSync(at(".deploy/journal.jsonl"), "utf8")
        .trim()
        .split("\n")
        .slice(-2)
        .map((line) => JSON.parse(line));
      expect(lines.map((line) => [line.step, line.from, line.to, line.result]).sort()).toEqual([
        ["migrate", null, releaseA, "exit 3"],
        ["migrate", null, releaseA, "ok"],
      ]);
    });
  });
}
