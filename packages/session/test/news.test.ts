import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Commits, Facts, Plan } from "@deploy/core";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { gatherNews, type Session } from "../src/index.ts";

const now = new Date("2026-11-30T00:15:17Z");
const [from, to] = ["a".repeat(40), "b".repeat(40)];
const plan = { leader: "web1", commit: to, hosts: [{ host: "web1", from: "1" }] } as unknown as Plan;
const facts = [
  { host: "web1", reached: true, releases: [{ id: "1", commit: from }] },
] as unknown as readonly Facts[];
const changes = { added: ["a"], changed: [], removed: [], files: 1 };
const session: Pick<Session, "facts" | "changes" | "rehearse"> = {
  facts,
  changes: async () => changes,
  rehearse: async () => undefined,
};
const told: Commits = { ahead: 3, behind: 0 };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "news-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const gather = (
  of: typeof session,
  ask?: (range: { from: string; to: string }) => Promise<Commits | undefined>,
) => {
  const env = { PATH: process.env.PATH, GIT_CEILING_DIRECTORIES: "/" };
  return gatherNews(of, { plan, now, root, env, ...(ask === undefined ? {} : { ask }) });
};

test("where git does not know, somebody else is asked, with whole hashes", async () => {
  const asked: unknown[] = [];
  const news = await gather(session, async (range) => {
    asked.push(range);
    return told;
  });
  expect([news, asked]).toEqual([{ now, from, commits: told, changes }, [{ from, to }]]);
});

test("a host that cannot be asked fails nothing", async () => {
  const refusing = { ...session, changes: () => Promise.reject(new Error("no such release")) };
  expect(await gather(refusing, async () => told)).toEqual({ now, from, commits: told });
});

test("what nobody knows is left out", async () => {
  const lost: Facts = {
    host: "web1",
    reached: false,
    problem: { code: "internal", message: "", hint: "", place: {} },
  };
  const ask = () => {
    throw new Error("there is nothing to ask for");
  };
  const silent = { ...session, facts: [lost], changes: async () => undefined };
  expect(await gather(silent, ask)).toEqual({ now, commits: {} });
});
