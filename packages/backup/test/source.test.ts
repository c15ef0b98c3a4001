import { type BackupSource, Secret } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { sourceOf } from "../src/index.ts";

const server: BackupSource = { database: "postgres", urlSecret: "DATABASE_URL" };
const url = new Secret("postgres://app:s3cret@127.0.0.1/shop");
const dump: BackupSource = { database: "command", run: "dump", verify: "check" };

describe("sourceOf", () => {
  test("paths are below the app's shared folder", () => {
    const base = "/srv/shop";
    expect(sourceOf({ database: "sqlite", path: "data/app.db" }, { base })).toEqual({
      kind: "sqlite",
      path: "/srv/shop/shared/data/app.db",
    });
    expect(sourceOf({ database: "files", paths: ["uploads"] }, { base })).toEqual({
      kind: "files",
      base: "/srv/shop/shared",
      paths: ["uploads"],
    });
  });

  test("commands run in the new release, in the live one without, in the checkout on a runner", () => {
    const at = (where: object) => sourceOf(dump, { base: "/srv/shop", ...where });
    expect([at({ release: "r1" }), at({}), at({ directory: "/work" })]).toEqual(
      ["/srv/shop/releases/r1", "/srv/shop/current", "/work"].map((directory) => ({
        kind: "command",
        directory,
        run: "dump",
        verify: "check",
      })),
    );
  });

  test("a server's database needs its URL, and the error names where it was looked for", () => {
    expect(sourceOf(server, { base: "", url })).toMatchObject({
      kind: "postgres",
      server: { host: "127.0.0.1", user: "app", name: "shop" },
    });
    for (const given of [{}, { url: new Secret(" ") }]) {
      expect(() => sourceOf(server, { base: "", ...given })).toThrow(
        expect.objectContaining({
          problem: expect.objectContaining({
            code: "database-url",
            message: "The URL of the database is missing: DATABASE_URL is empty",
          }),
        }),
      );
    }
  });

  test.each<BackupSource>([
    { database: "sqlite", path: "app.db" },
    { database: "files", paths: ["uploads"] },
  ])("a runner has no shared folder: $database", (backup) => {
    expect(() => sourceOf(backup, { base: "/work", directory: "/work" })).toThrow("lie on the leader");
  });
});
