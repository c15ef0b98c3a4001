import { DeployError } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { cdnOf, type Pace } from "../src/cloudFront/cdn.ts";
import type { Invalidations } from "../src/cloudFront/invalidations.ts";
import { encodePath, invalidationPaths } from "../src/cloudFront/paths.ts";

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

/** A clock that only sleeping moves. */
function testPace(): Pace & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    poll: 5000,
    giveUp: 60_000,
    slept,
    now: () => slept.reduce((sum, time) => sum + time, 0),
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      slept.push(milliseconds);
    },
  };
}

function fake(looks: number, refusals: readonly Error[] = []) {
  const created: { paths: readonly string[]; reference: string }[] = [];
  const left = [...refusals];
  let seen = 0;
  const invalidations: Invalidations = {
    async create(paths, reference) {
      created.push({ paths, reference });
      const refusal = left.shift();
      if (refusal !== undefined) throw refusal;
      return "I1";
    },
    async isDone() {
      seen += 1;
      return seen > looks;
    },
  };
  return { invalidations, created };
}

const rejected = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => new Error("was not rejected"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DeployError)) throw error;
  return error.problem;
};

describe("a purge", () => {
  test("is one invalidation, waited for", async () => {
    const pace = testPace();
    const { invalidations, created } = fake(2);
    await cdnOf("E1", invalidations, pace).purge(["/index.html", "/", "/a b.html", "/"]);
    expect(created.map(({ paths }) => paths)).toEqual([["/index.html", "/", "/a%20b.html"]]);
    expect(pace.slept).toEqual([5000, 5000]);
  });

  test("tried again is the same invalidation; the next one is another", async () => {
    const { invalidations, created } = fake(0);
    const cdn = cdnOf("E1", invalidations, testPace());
    await cdn.purge(["/a"], undefined, "first");
    await cdn.purge(["/a"], undefined, "first");
    await cdn.purge(["/a"], undefined, "second");
    await cdn.purge(["/b"], undefined, "first");
    await cdn.purge(["/a"]);
    await cdn.purge(["/a"]);
    const [one, again, ...others] = created.map(({ reference }) => reference);
    expect(again).toBe(one);
    expect(new Set([one, ...others]).size).toBe(5);
    expect(one).toMatch(/^deploy-[0-9a-f]{40}$/);
  });

  test("of nothing asks nothing", async () => {
    const { invalidations, created } = fake(0);
    await cdnOf("E1", invalidations, testPace()).purge([]);
    expect(created).toEqual([]);
  });

  test("waits while others fill the distribution's queue, with the same reference", async () => {
    const pace = testPace();
    const busy = named("TooManyInvalidationsInProgress", "try later");
    const { invalidations, created } = fake(0, [busy, busy, busy]);
    await cdnOf("E1", invalidations, pace).purge(["/a"]);
    expect(pace.slept).toEqual([5000, 10_000, 20_000]);
    expect(new Set(created.map(({ reference }) => reference)).size).toBe(1);
  });

  test("gives up when the queue stays full", async () => {
    const busy = named("TooManyInvalidationsInProgress", "try later");
    const { invalidations } = fake(0, Array(20).fill(busy));
    expect(await rejected(cdnOf("E1", invalidations, testPace()).purge(["/a"]))).toEqual({
      code: "purge-failed",
      message: "CloudFront E1 was not purged: TooManyInvalidationsInProgress: try later",
      hint: "Run this step again: nothing is sent twice, only the purge is repeated.",
      place: {},
    });
  });

  test("gives up when it does not end", async () => {
    const { invalidations } = fake(1000);
    expect(await rejected(cdnOf("E1", invalidations, testPace()).purge(["/a"]))).toEqual({
      code: "purge-failed",
      message: "Invalidation I1 is still in progress after 1 minute",
      hint: "It goes on by itself; run this step again to wait for it.",
      place: {},
    });
  });

  test.each([
    [
      "AccessDenied",
      /^Grant cloudfront:CreateInvalidation and .*distribution\/E1\. Then run this step again/,
    ],
    ["NoSuchDistribution", /^Check the distribution's id/],
    ["InternalError", /^Run this step again/],
  ])("%s is told with its next move", async (name, hint) => {
    const { invalidations } = fake(0, [named(name, "no\n::error::")]);
    const problem = await rejected(cdnOf("E1", invalidations, testPace()).purge(["/a"]));
    expect(problem.message).toBe(`CloudFront E1 was not purged: ${name}: no ::error::`);
    expect(problem.hint).toMatch(hint);
  });

  test("ends when it is cancelled", async () => {
    const cancel = new AbortController();
    const { invalidations } = fake(1000);
    const pace = { ...testPace(), sleep: async () => cancel.abort(new Error("cancelled")) };
    const waiting: Invalidations = {
      ...invalidations,
      isDone: async (id, signal) => {
        signal?.throwIfAborted();
        return invalidations.isDone(id);
      },
    };
    await expect(cdnOf("E1", waiting, pace).purge(["/a"], cancel.signal)).rejects.toThrow("cancelled");
  });
});

describe("paths", () => {
  test.each([
    ["/shop/index.html", "/shop/index.html"],
    ["/a b.html", "/a%20b.html"],
    ["/ä/€/😀.html", "/%C3%A4/%E2%82%AC/%F0%9F%98%80.html"],
    ['/"#%<>?[]^`{|}~\\', "/%22%23%25%3C%3E%3F%5B%5D%5E%60%7B%7C%7D%7E%5C"],
    ["/a!$&'()+,;=:@-_.z", "/a!$&'()+,;=:@-_.z"],
    ["/line\nfeed\u007f", "/line%0Afeed%7F"],
  ])("%j is asked for as %j", (path, encoded) => {
    expect(encodePath(path)).toBe(encoded);
  });

  const many = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${prefix}${index}.html`);

  test("up to 3,000 go one by one", () => {
    expect(invalidationPaths(many("/shop/", 3000))).toHaveLength(3000);
  });

  test("more are one wildcard over the folder that has them all", () => {
    expect(invalidationPaths([...many("/shop/a/", 3000), "/shop/b"])).toEqual(["/shop/*"]);
    expect(invalidationPaths([...many("/shop/a/", 3000), "/shopping/b"])).toEqual(["/*"]);
    expect(invalidationPaths([...many("/shop/a/", 3000), "/"])).toEqual(["/*"]);
  });
});
