import type { ExecResult, RemoteCommand } from "@deploy/remote";
import { expect, test } from "@jest/globals";
import { ask } from "../src/hosts/ask.ts";
import type { Link } from "../src/hosts/fleet.ts";

const command = { name: "flip", parse: () => "parsed" } as unknown as RemoteCommand<string>;
const unknown = { status: "unknown", reason: "gone" } as const;

test.each([
  [{ ...unknown, refused: true }, "failed", "channel-refused"],
  [{ ...unknown, refused: false }, "unknown", "connection-lost"],
  [{ status: "signalled", signal: "KILL" }, "failed", "command-killed"],
])("%j is %s: %s, on its host", async (result, status, code) => {
  const transport = { exec: async () => result as ExecResult };
  const link = { host: { name: "web1" }, transport } as unknown as Link;
  expect(await ask(link, command)).toMatchObject({ status, problem: { code, place: { host: "web1" } } });
});
