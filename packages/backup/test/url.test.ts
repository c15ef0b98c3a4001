import { Secret } from "@deploy/core";
import type { ServerKind } from "@deploy/remote";
import { describe, expect, test } from "@jest/globals";
import { parseDatabaseUrl } from "../src/index.ts";

const read = (url: string, kind: ServerKind = "postgres"): unknown => {
  const { password, ...rest } = parseDatabaseUrl(new Secret(url), kind);
  return { ...rest, password: password.reveal() };
};
const refusal = (url: string, kind: ServerKind = "postgres"): string => {
  try {
    parseDatabaseUrl(url, kind);
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
};
const whole = { host: "db", port: 5432, user: "u", password: "p", name: "shop", options: {} };

describe("a URL", () => {
  test.each([
    ["postgres://u:p@db/shop", whole],
    ["postgresql://u:p@db:5432/shop", whole],
    ["postgresql+psycopg2://u:p@db/shop", whole],
    [" POSTGRES://u:p@db/shop\n", whole],
    ["postgres://u:p@db:6000/shop", { ...whole, port: 6000 }],
    ["postgres://u@db/shop", { ...whole, password: "" }],
    ["postgres://u:p@[::1]:6000/shop", { ...whole, host: "::1", port: 6000 }],
    ["postgres://u:p@[fe80::1%25eth0]/shop", { ...whole, host: "fe80::1%eth0" }],
    [
      "postgres://u%40x:p%40%3A%2F%25%27%0Aq@db/sh%20op%C3%A9",
      { ...whole, user: "u@x", password: "p@:/%'\nq", name: "sh opé" },
    ],
    ["postgres://u:-p@x:y#z@db/shop", { ...whole, password: "-p@x:y#z" }],
    [
      "postgres://u:p@db/shop?sslmode=verify-full&sslrootcert=%2Fca.pem&schema=public&pgbouncer=false",
      {
        ...whole,
        options: { sslmode: "verify-full", sslrootcert: "/ca.pem" },
      },
    ],
    ["postgres://u:p@/shop?host=/var/run/postgresql", { ...whole, host: "/var/run/postgresql" }],
    ["postgres://%2Frun%2Fpg/shop", { ...whole, host: "/run/pg", user: "", password: "" }],
    ["postgres:///shop", { ...whole, host: "", port: 0, user: "", password: "" }],
    [
      "postgres:///?dbname=shop&user=u&password=p%26q&host=db&port=99",
      { ...whole, password: "p&q", port: 99 },
    ],
    ["host=db user=u password='p q\\'s' dbname=shop", { ...whole, password: "p q's" }],
    [
      "host = db user=u password=a\\ b\\\\ dbname=shop port=7 sslmode=require",
      {
        ...whole,
        password: "a b\\",
        port: 7,
        options: { sslmode: "require" },
      },
    ],
    ["dbname=shop", { ...whole, host: "", port: 0, user: "", password: "" }],
  ])("%s", (url, server) => {
    expect(read(url)).toEqual(server);
  });

  test.each([
    ["mysql://u:p@db/shop", "mysql", { ...whole, port: 3306 }],
    [
      "mariadb://u:p@db/shop?ssl-mode=REQUIRED&ssl_ca=/ca.pem&charset=utf8mb4",
      "mariadb",
      {
        ...whole,
        port: 3306,
        options: { sslmode: "REQUIRED", sslca: "/ca.pem" },
      },
    ],
    ["mysql2://u:p@db/shop", "mariadb", { ...whole, port: 3306 }],
    [
      "mysql://u:p@/shop?socket=/run/mysqld/mysqld.sock",
      "mysql",
      { ...whole, host: "/run/mysqld/mysqld.sock", port: 3306 },
    ],
    ["mysql:///shop", "mysql", { ...whole, host: "localhost", port: 3306, user: "", password: "" }],
  ] as const)("%s", (url, kind, server) => {
    expect(read(url, kind)).toEqual(server);
  });

  test("the password cannot print itself", () => {
    expect(JSON.stringify(parseDatabaseUrl("postgres://u:hunter2@db/shop", "postgres"))).not.toContain(
      "hunter2",
    );
  });
});

describe("what cannot be read is refused without a word of the password", () => {
  test.each([
    ["", "The database's URL is empty"],
    ["hunter2", "The database's URL is no URL"],
    ["mysql://u:hunter2@db/shop", "The database's URL has the scheme mysql, and the database is postgres"],
    ["redis://u:hunter2@db/shop", "The database's URL has the scheme redis, and the database is postgres"],
    ["postgres://u:hunter2@db", "The database's URL names no database"],
    ["postgres://u:hunter2@db/", "The database's URL names no database"],
    [
      "postgres://u:hunter2%@db/shop",
      "The database's URL has a % in its password that does not begin an encoded character",
    ],
    [
      "postgres://u:hunter2%FF@db/shop",
      "The database's URL has a % in its password that does not begin an encoded character",
    ],
    [
      "postgres://u:hunter2%00@db/shop",
      "The database's URL has a NUL byte in its password, which no database client can send",
    ],
    ["postgres://u:1/hunter2@db/shop", "The database's URL has an @ behind the host"],
    ["postgres://u:1?hunter2@db/shop", "The database's URL has an @ behind the host"],
    ["postgres://u:hunter2/x@db/shop", "The database's URL has an @ behind the host"],
    ["postgres://u:hunter2@db:70000/shop", "The database's URL has a port that is no number from 1 to 65535"],
    ["postgres://u:hunter2@db:x/shop", "The database's URL has no host and port that can be read"],
    ["postgres://u:hunter2@one,two/shop", "The database's URL names several hosts"],
    [
      "postgres://u:hunter2@db/shop?sslpassword=hunter2",
      "The database's URL has the option sslpassword, which is not known",
    ],
    ["postgres://u:hunter2@db/shop?hunter2!=1", "The database's URL has an option, which is not known"],
    ["postgres://u:hunter2@db/sh%0Aop", "The database's URL has a control character in its database name"],
    [
      "postgres://u:hunter2@db/shop?sslmode=a%0Ab",
      "The database's URL has a control character in the option sslmode",
    ],
    ["postgres://u:hunter2@db:6543/shop?pgbouncer=true", "The database's URL says pgbouncer=true"],
    ["password='hunter2 dbname=shop", "The database's URL is no list of keyword=value"],
    ["password=hunter2 nonsense", "The database's URL is no list of keyword=value"],
  ])("%s", (url, message) => {
    expect(refusal(url)).toBe(message);
  });
});
