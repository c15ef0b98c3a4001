import { describe, expect, test } from "@jest/globals";
import { chosenHosts, parseHosts, shortNames } from "../../src/index.ts";

const hosts = parseHosts(
  "ada@web1.example.com roles=web\nada@web2.example.com roles=web\nada@jobs.example.com roles=worker\nada@jobs.example.org:2222\nada@192.0.2.7",
);
const fleet = { leader: "web1.example.com", hosts };
const names = (...choice: Parameters<typeof chosenHosts> extends [unknown, ...infer Rest] ? Rest : never) =>
  chosenHosts(fleet, ...choice).map(({ name }) => name);

describe("which hosts a person means", () => {
  test.each([
    [{}, "leader", ["web1.example.com"]],
    [{}, "all", hosts.map(({ name }) => name)],
    [{ all: true }, "leader", hosts.map(({ name }) => name)],
    [{ roles: "worker" }, "leader", ["jobs.example.com", "jobs.example.org:2222", "192.0.2.7"]],
    [{ hosts: "192.0.2.7, web2.example.com" }, "leader", ["web2.example.com", "192.0.2.7"]],
    [{ hosts: "web1.example.com 192.0.2.7", roles: "web" }, "all", ["web1.example.com", "192.0.2.7"]],
  ] as const)("%j, else the %s: %j", (choice, otherwise, expected) => {
    expect(names(choice, otherwise)).toEqual(expected);
  });

  test.each([
    [{ hosts: "web9.example.com" }, /got "web9.example.com"/],
    [{ hosts: "web1.example.com", roles: "worker" }, /none of web1.example.com has the role "worker"/],
  ])("%j is refused", (choice, message) => {
    expect(() => names(choice, "all")).toThrow(message);
  });

  test("a role that no host has is refused", () => {
    const some = { leader: "web1.example.com", hosts: hosts.slice(0, 3) };
    expect(() => chosenHosts(some, { roles: "web,cron" }, "all")).toThrow(/cron/);
  });

  test("names in front of lines are short where they tell hosts apart", () => {
    expect([...shortNames(hosts).values()]).toEqual([
      "web1",
      "web2",
      "jobs",
      "jobs.example.org:2222",
      "192.0.2.7",
    ]);
  });
});
