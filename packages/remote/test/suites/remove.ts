import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { removeAll } from "../../src/index.ts";
import { makeHost, type Shell, type TestHost, treeOf } from "../host.ts";
import { deployed, fenceOf } from "../scenario.ts";

export function removeSuite(shell: Shell): void {
  describe(`a deploy-to that is removed on ${shell.name}`, () => {
    let host: TestHost;
    beforeEach(async () => {
      host = makeHost(shell);
      await deployed(host);
    });
    afterEach(() => host.remove());
    const at = (path: string) => join(host.base, path);

    test("goes with everything in it, and what its links lead to stays; asked again there is none", async () => {
      const outside = `${host.base} outside`;
      mkdirSync(outside);
      writeFileSync(join(outside, "kept"), "kept\n");
      symlinkSync(outside, at("shared/a link"));
      mkdirSync(at("shared/-rf *"));
      mkdirSync(at("shared/locked"));
      writeFileSync(at("shared/locked/file"), "x", { mode: 0o400 });
      writeFileSync(at(".hidden"), "x");
      await host.ask(removeAll(fenceOf(host)));
      expect([existsSync(host.base), readFileSync(join(outside, "kept"), "utf8")]).toEqual([false, "kept\n"]);
      await expect(host.ask(removeAll(fenceOf(host)))).rejects.toThrow("was not prepared");
    });

    test("stays whole where another run has a higher token", async () => {
      writeFileSync(at(".deploy/lock/adopted"), "1 9 run-9\n");
      const before = treeOf(host.base);
      await expect(host.ask(removeAll(fenceOf(host, 1)))).rejects.toThrow("token 9 of run-9 was adopted");
      expect(treeOf(host.base)).toEqual(before);
    });
  });
}
