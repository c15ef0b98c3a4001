import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mintSigner } from "@deploy/sign";
import { expect, test } from "@jest/globals";
import { main } from "../src/index.ts";
import { newFolder } from "./folder.ts";
import { recordedIo } from "./io.ts";

const keys = { staging: mintSigner().reveal(), production: mintSigner().reveal() };

/** A project with one commit, and the command in it. */
function open() {
  const folder = newFolder();
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=x", "-c", "user.email=x@example.org", ...args]);
  mkdirSync(join(folder, ".github"));
  writeFileSync(join(folder, "index.html"), "hello\n");
  writeFileSync(join(folder, ".gitignore"), "dist\nstaging\nproduction\n");
  const write = (staging: string, production: string) =>
    writeFileSync(
      join(folder, ".github/deploy.yml"),
      `app: shop
deploy-to: /opt/shop
environments:
  staging:
    hosts: [a@b.example.org]
${staging}
  production:
    hosts: [a@c.example.org]
${production}
`,
    );
  const section = (more: string) => `    package: { maintainer: "Shop <x@example.org>"${more} }`;
  write("", "");
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "one");
  const deploy = async (environment: "staging" | "production" | "none", ...args: string[]) => {
    const key = environment === "none" ? {} : { DEPLOY_PACKAGE_KEY: keys[environment] };
    const io = recordedIo({ cwd: folder, env: { PATH: process.env.PATH, HOME: folder, ...key } });
    return { exitCode: await main(args, io), out: io.out(), err: io.err() };
  };
  return { folder, write, section, deploy };
}

test("package-unconfigured, signing-key, index-missing, package-missing, not-tested: each move leads on, to production", async () => {
  const { folder, write, section, deploy } = open();
  const publish = (by: "staging" | "none") => deploy(by, "package", "publish", "-e", "staging");
  const said = async (work: Promise<{ readonly exitCode: number; readonly err: string }>) => {
    const { exitCode, err } = await work;
    return [exitCode, /^[a-z-]+/.exec(err.replace(/^Warning.*\n/gm, ""))?.[0]];
  };
  expect(await said(publish("staging"))).toEqual([1, "package-unconfigured"]);
  const [from, to] = [join(folder, "staging"), join(folder, "production")];
  const staging = section(`, repository: ${from}, url: "https://apt.example.org", certificate: staging.asc`);
  write(staging, section(`, repository: ${to}`));
  expect(await said(publish("none"))).toEqual([1, "signing-key"]);
  expect(await said(deploy("staging", "package", "list", "-e", "staging"))).toEqual([1, "index-missing"]);

  const published = await publish("staging");
  expect([published.exitCode, published.out]).toEqual([0, expect.stringContaining("Published in")]);
  expect(readdirSync(join(folder, "dist"))).toHaveLength(2);
  const listed = JSON.parse((await deploy("staging", "package", "list", "-e", "staging", "--json")).out);
  const version = listed.packages[0].version as string;
  expect(listed.packages.map(({ name }: { name: string }) => name).sort()).toEqual([
    "shop",
    `shop-${version.toLowerCase()}`,
  ]);

  const promote = (id = version) =>
    deploy("production", "promote", id, "--from", "staging", "--to", "production");
  expect(await said(promote())).toEqual([1, "package-unconfigured"]);
  const key = JSON.parse((await deploy("staging", "package", "key", "-e", "staging", "--json")).out);
  expect(key.sources).toContain("URIs: https://apt.example.org");
  writeFileSync(join(folder, "staging.asc"), key.certificate);
  expect(await said(promote("20200101T000000Z-1234567"))).toEqual([1, "package-missing"]);
  expect(await said(promote())).toEqual([1, "not-tested"]);
  expect(existsSync(to)).toBe(false);
  expect((await deploy("staging", "package", "tested", "-e", "staging", version)).exitCode).toBe(0);
  expect(await promote()).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining("staging -> production"),
  });
  expect(await said(deploy("staging", "package", "list", "-e", "production"))).toEqual([1, "index-foreign"]);
  // With the key that the repository was begun with.
  expect((await deploy("production", "package", "list", "-e", "production")).exitCode).toBe(0);
  const pruned = await deploy("production", "package", "prune", "-e", "production");
  expect([pruned.exitCode, pruned.out]).toEqual([0, "0 left the index, 0 objects were removed\n"]);
});
