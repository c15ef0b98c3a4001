import { createHash } from "node:crypto";
import {
  beginLine,
  type Run,
  type RunLine,
  readRun,
  renderUi,
  type UiView,
  uiParts,
  uiPolicy,
} from "@deploy/core/page";
import { describe, expect, test } from "@jest/globals";
import { pageScenes } from "./scenes.ts";

const begin: RunLine = {
  ...{ kind: "plan", what: "deploy", release: "20261121T084450Z-4f2a91c", time: "2026-11-21T08:44:50Z" },
  ...{ by: "ada@desk", process: "1.0" },
  stages: [
    { name: "prepare", steps: [{ id: "1", step: "upload", hosts: ["web1", "web2"] }] },
    { name: "wave all", steps: [{ id: "2", step: "switch", hosts: ["web1", "web2"] }] },
  ],
};
const outcome = (host: string, changes: object = {}): RunLine => ({
  kind: "outcome",
  outcome: { host, id: "1", step: "upload", status: "ok", detail: "sent", milliseconds: 300, ...changes },
});
const upload: RunLine = { kind: "step", step: "upload", hosts: ["web1", "web2"] };
const runOf = (...lines: readonly (RunLine | string)[]): Run | undefined =>
  readRun(
    [begin, ...lines].map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"),
  );
const viewOf = (run: Run | undefined, alive = true): UiView => ({
  ...{ app: "shop", environment: "production", run, alive },
});
const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
const shown = (run: Run | undefined, alive = true) => textOf(uiParts(viewOf(run, alive)).run);

describe("a run as far as it told", () => {
  test("steps wait, run and are done, host by host", () => {
    expect(shown(runOf())).toContain("· waits upload 0 of 2 hosts · web1 waits · web2 waits");
    const one = runOf(upload, outcome("web1"));
    expect(shown(one)).toContain("→ runs upload 1 of 2 hosts ✓ web1 300 ms → web2 runs");
    expect(uiParts(viewOf(one)).said).toBe("Deploy to 20261121T084450Z-4f2a91c: upload runs");
  });

  test("ended, what is left was not run; its end is the first sentence", () => {
    const run = runOf(
      ...[upload, outcome("web1"), outcome("web2", { status: "failed", detail: "no space" })],
      { kind: "end", result: "failed", headline: "4f2a91c failed, nothing changed" },
    );
    expect(shown(run)).toMatch(/^ Deploy to \S+: 4f2a91c failed, nothing changed /);
    expect(shown(run)).toContain("✗ failed upload 1 of 2 hosts ✓ web1 300 ms ✗ web2 no space");
    expect(shown(run)).toContain("– not run switch 0 of 2 hosts");
  });

  test("whose process is gone is not shown as running", () => {
    expect(shown(runOf(upload), false)).toMatch(/its process ended without a word.*\? not known upload/);
  });

  test("what is planned anew begins anew", () => {
    expect(runOf(upload, outcome("web1"), begin)?.outcomes).toEqual([]);
  });

  test.each([
    "{",
    "null",
    "7",
    '{"kind":"other"}',
    '{"kind":"plan"}',
    '{"kind":"plan","stages":[],"time":"x","what":"deploy"}',
  ])("a line that is none is left out: %s", (line) => {
    expect(runOf(line, outcome("web1"))?.outcomes).toHaveLength(1);
    expect(readRun(line)).toBeUndefined();
  });

  test("forty hosts that are well are a number; the one that failed is named", () => {
    const hosts = Array.from({ length: 40 }, (_, index) => `web${index}`);
    const many = { ...begin, stages: [{ name: "prepare", steps: [{ id: "1", step: "upload", hosts }] }] };
    const told = hosts.map((host) =>
      outcome(host, host === "web7" ? { status: "failed", detail: "full" } : {}),
    );
    expect(shown(runOf(many, ...told))).toContain("✗ failed upload 39 of 40 hosts ✗ web7 full");
  });
});

test("a plan's stages are told by name, steps and hosts", () => {
  const plan = { kind: "rollback", release: "r", stages: [{ kind: "wave", name: "1", steps: [] }] };
  const who = { time: "2026-11-21T08:44:50Z", by: "ada", process: "1.0" };
  expect(beginLine(plan as never, who)).toEqual({
    ...{ kind: "plan", what: "rollback", release: "r", ...who },
    stages: [{ name: "wave 1", steps: [] }],
  });
});

test("hostile words are text, in the page and in what is told", () => {
  const evil = `<script>alert(1)</script>"'\u202e`;
  const run = runOf(outcome(evil, { id: evil, step: evil, detail: evil }), {
    ...{ kind: "end", result: "failed", headline: evil },
  });
  const view = { ...viewOf(run), unread: evil };
  for (const html of [uiParts(view).run, uiParts(view).status, renderUi(view)]) {
    expect(html).not.toContain("<script>alert");
    expect(html).not.toContain("\u202e");
  }
});

test("its one script and one style are those of its policy; a reading that failed is told above the last", () => {
  const html = renderUi({ ...viewOf(undefined), status: pageScenes.well, unread: "no key" });
  for (const tag of ["style", "script"]) {
    const [text = "", ...more] = [...html.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, "g"))].map(
      ([, inner]) => inner,
    );
    expect([more, uiPolicy()]).toEqual([
      [],
      expect.stringContaining(createHash("sha256").update(text).digest("base64")),
    ]);
  }
  expect(textOf(html)).toMatch(/The servers could not be read: no key.*✓ 3 of 3 hosts serve/);
  expect(uiParts({ ...viewOf(undefined), unread: "no key" }).status).toContain(
    "? Nothing is known of the servers",
  );
});
