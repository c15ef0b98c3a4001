import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { planKey, probe, type RemoteCommand, render } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost, treeOf } from "../host.ts";
import { deployed } from "../scenario.ts";

const refused = /^\n--deploy-begin--\nerror key-restricted (?:[0-9a-f]{2})+\n--deploy-end-- 77\n$/;
const key = `ssh-ed25519 ${"AAAAC3NzaC1lZDI1NTE5AAAA"} plans`;

/** The forced command as sshd starts it, with what a client asked for. */
export function planKeySuite(shell: Shell): void {
  describe(`a key that plans on ${shell.name}`, () => {
    let host: TestHost;
    let command: string;
    beforeEach(() => {
      host = makeHost(shell);
      const { script, line } = planKey(host.base, key);
      const file = join(host.home, "deploy-plan-key");
      writeFileSync(file, script);
      command = (/command="(.*)" ssh-/.exec(line)?.[1] ?? "").replace("~/.ssh/deploy-plan-key", file);
    });
    afterEach(() => host.remove());

    const asked = (more: Partial<RemoteCommand<unknown>> = {}) =>
      render({ ...probe({ base: host.base, sharedFiles: [".env"], journal: 20 }), ...more });
    const ask = (line: string, input: string | Uint8Array = asked().input) => {
      const env = { ...host.env, SSH_ORIGINAL_COMMAND: line };
      const { status, stdout } = spawnSync("/bin/sh", ["-c", command], { env, input, encoding: "utf8" });
      return [status, stdout];
    };

    test("runs the probe, where it is meant", async () => {
      await deployed(host);
      expect(ask(asked().line)).toEqual([0, expect.stringContaining("\nmissing 0\n")]);
    });

    test("runs nothing else, whatever is asked for", async () => {
      await deployed(host);
      const before = treeOf(host.base);
      const { line, input } = asked();
      const args = (...words: readonly string[]) => asked({ args: words }).line;
      const lines = [
        ...["", "id", "true; id", "sh", `${line}; id`, `${line} "$(id)"`, `${line}\nid`, `${line} $(id)`],
        ...[`${line}'`, `${line} '`, line.replace("exit 70", "id"), line.replace(" sh '", " sh ''id'")],
        ...[args("/etc", "20", "-"), args(`${host.base}/`, "20", "-"), args(host.base), args()],
        ...[args(host.base, "+1", "-"), args(host.base, "20", "sh"), args(host.base, "20", "-", "../../x")],
        ...[args(host.base, "20", "-", ".."), args(host.base, "20", "-", "a'/../../x")],
      ];
      expect(lines.map((text) => [text, ...ask(text)])).toEqual(
        lines.map((text) => [text, 77, expect.stringMatching(refused)]),
      );
      for (const script of ["id\n", `${Buffer.from(input)}id\n`, `id\n${Buffer.from(input)}`, ""])
        expect([script, ...ask(line, script)]).toEqual([script, 77, expect.stringMatching(refused)]);
      expect(treeOf(host.base)).toEqual(before);
    });
  });
}
