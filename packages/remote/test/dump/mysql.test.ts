import { Secret } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { dump, inspectSource, type Source, secretLine, swapDatabase } from "../../src/index.ts";

const server = { host: "db", port: 3306, user: "app", password: new Secret("p"), name: "shop", options: {} };
const of = (more: Partial<typeof server>, kind: "mysql" | "mariadb" = "mysql"): Source => ({
  kind,
  server: { ...server, ...more },
});

describe("the commands for MySQL and MariaDB", () => {
  test("hold all but the password as arguments", () => {
    const options = { sslmode: "verify-full", sslca: "/a b/ca.pem", connect_timeout: "5" };
    const { name, args, payload, kind } = dump(of({ options }, "mariadb"), { compression: "gzip", level: 3 });
    expect({ name, args, payload, kind }).toEqual({
      ...{ name: "dump mariadb", payload: true, kind: "once" },
      args: [
        "dump",
        "gzip",
        "3",
        "-",
        "mariadb",
        "db",
        "3306",
        "app",
        "shop",
        "sslmode=VERIFY_IDENTITY",
        "sslca=/a b/ca.pem",
        "connect_timeout=5",
      ],
    });
    expect(Buffer.from(secretLine(of({}))).toString()).toBe("70\n");
    expect(swapDatabase(of({}), { from: "a", keepAs: "b" }).args).toEqual([
      "swap",
      "a",
      "b",
      "0",
      "mysql",
      "db",
      "3306",
      "app",
      "shop",
    ]);
  });

  test.each([
    ["disable", "DISABLED"],
    ["preferred", "PREFERRED"],
    ["REQUIRE", "REQUIRED"],
    ["verify_ca", "VERIFY_CA"],
    ["VERIFY_IDENTITY", "VERIFY_IDENTITY"],
  ])("sslmode %s is %s", (sslmode, mode) => {
    expect(inspectSource(of({ options: { sslmode } })).args.at(-1)).toBe(`sslmode=${mode}`);
  });

  test.each([
    [{ name: "" }, "not a database's name"],
    [{ name: "a\nb" }, "not a database's name"],
    [{ name: "é".repeat(32) }, "not a database's name"],
    [{ host: "a\nb" }, "not a host"],
    [{ host: "/run/../s" }, "not an absolute path"],
    [{ port: 0 }, "not a port"],
    [{ user: "a\tb" }, "not a user"],
    [{ options: { sslmode: "maybe" } }, "not a value of sslmode"],
    [{ options: { connect_timeout: "5; x" } }, "not a number of seconds"],
    [{ options: { "init-command": "drop" } }, "not an option of a MySQL URL"],
    [{ options: { sslca: "a\nb" } }, "not a value of sslca"],
  ])("%j is refused", (more, message) => {
    expect(() => inspectSource(of(more))).toThrow(message);
  });
});
