import type { Config } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { around, parse } from "./helpers.ts";

const read = (part: string, overrides = {}): unknown => {
  const config = parse(around(`upload: ${part}`), overrides);
  return "upload" in config ? (config as Config).upload : config;
};
const keys = 'host-keys: ["git.example.com ssh-ed25519 AAAAC3Nz"]';
const of = (repository: string) =>
  read(`{ method: git, repository: ${JSON.stringify(repository)}, ${keys} }`);

describe("upload: git", () => {
  test.each([
    "https://github.com/org/shop.git",
    "https://deploy@git.example.com:8443/a%20b/shop",
    "http://10.0.0.1/shop.git",
    "ssh://git@git.example.com:2222/~/shop.git",
    "ssh://git@[fd00::1]:22/shop.git",
    "git@github.com:org/shop.git",
    "git.example.com:/srv/shop.git",
  ])("%s is a repository", (repository) => {
    expect(of(repository)).toMatchObject({ repository });
  });

  test.each([
    "",
    "shop",
    "/srv/shop.git",
    "../shop.git",
    "file:///srv/shop.git",
    "git://host/shop.git",
    "ext::sh -c id",
    "ext::id",
    "-oProxyCommand=id:x",
    "--upload-pack=id",
    "ssh://-oProxyCommand=id/x",
    "git@host:-x",
    "https://user:secret@host/x",
    "https://host",
    "https://host/$(id)",
    "https://host/a b",
    "https://host/a\nb",
    "host::x",
  ])("%j is none", (repository) => {
    expect(of(repository)).toEqual([
      expect.stringContaining("upload.repository: expected https://host/path"),
    ]);
  });

  test("a repository is needed, and over ssh the keys of its server", () => {
    expect(read("git")).toEqual([expect.stringContaining("upload.repository: expected https://host/path")]);
    expect(read("{ method: git, repository: git@github.com:org/shop.git }")).toEqual([
      expect.stringContaining(
        "upload.repository: expected `host-keys` of that server beside it, got nothing",
      ),
    ]);
    expect(read("{ method: git, repository: https://github.com/org/shop.git }")).toMatchObject({
      method: "git",
    });
  });

  test.each(["github.com", "# a comment", "github.com ssh-ed25519 key", "a\nb ssh-ed25519 AAAA"])(
    "%j is no host key",
    (line) => {
      const part = `{ method: git, repository: "git@github.com:x", host-keys: [${JSON.stringify(line)}] }`;
      expect(read(part)).toEqual([expect.stringContaining("a line of a known_hosts file")]);
    },
  );

  test("no other method has them, unless an input chose it over the file's", () => {
    const part = `{ method: rsync, repository: "https://host/x", ${keys} }`;
    expect(read(part)).toEqual([
      expect.stringContaining('upload.repository: expected method: git beside it, got "rsync"'),
      expect.stringContaining('upload.host-keys: expected method: git beside it, got "rsync"'),
    ]);
    const chosen = `{ method: git, repository: "https://host/x" }`;
    expect(read(chosen, { uploadMethod: "artifact" })).toMatchObject({ method: "artifact" });
    expect(read("artifact", { uploadMethod: "git", uploadRepository: "https://host/y" })).toMatchObject({
      method: "git",
      repository: "https://host/y",
    });
  });
});
