import { expect, test } from "@jest/globals";
import { type Attempt, connectError } from "../src/ssh/connectErrors.ts";

const host = { name: "web1", address: "192.0.2.1", port: 22, username: "deploy", roles: [] };
const attempt = { host, stage: "tcp", timeout: 10_000, offered: "the keys of the agent" } as Attempt;

test.each([
  ["ETIMEDOUT", "connect-timeout"],
  ["EHOSTUNREACH", "connect-unreachable"],
  ["ENETUNREACH", "connect-unreachable"],
  ["EMFILE", "connect-failed"],
])("%s is %s, with the address", (code, expected) => {
  const { problem } = connectError(Object.assign(new Error("said"), { code }), attempt);
  expect([problem.code, problem.place, problem.message]).toEqual([
    expected,
    { host: "web1" },
    expect.stringContaining("192.0.2.1 port 22"),
  ]);
});
