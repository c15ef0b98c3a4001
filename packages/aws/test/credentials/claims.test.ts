import { describe, expect, test } from "@jest/globals";
import { readClaims, subjects } from "../../src/credentials/claims.ts";
import { claims, tokenWith } from "../token.ts";

describe("the claims of a token", () => {
  test("are read without verifying", () => {
    expect(readClaims(tokenWith(claims))).toEqual({
      iss: claims.iss,
      aud: claims.aud,
      sub: claims.sub,
      repository: "acme/shop",
      repositoryId: "456",
      ownerId: "123",
    });
  });

  test.each(["", "abc", "a.b.c", `a.${Buffer.from("null").toString("base64url")}.c`, "....", tokenWith([1])])(
    "%j has none",
    (token) => {
      expect(readClaims(token)).toEqual({});
    },
  );

  test("that are no texts, or endless ones, are left out", () => {
    expect(readClaims(tokenWith({ sub: 5, aud: ["a"], iss: "x".repeat(501) }))).toEqual({});
  });
});

describe("the subject's two forms", () => {
  const immutable = "repo:acme@123/shop@456:environment:production";
  test("of an old repository: its own, and the immutable one", () => {
    expect(subjects(readClaims(tokenWith(claims)))).toEqual([claims.sub, immutable]);
  });

  test("of a new one: its own, and the old one", () => {
    expect(subjects({ sub: immutable })).toEqual([immutable, claims.sub]);
  });

  test.each([
    ["a customised subject", { sub: "repository_owner:acme:job_workflow_ref:x" }],
    ["unknown ids", { sub: claims.sub }],
    [
      "ids of another repository",
      { sub: claims.sub, repository: "evil/shop", repositoryId: "1", ownerId: "2" },
    ],
    ["ids that are none", { sub: claims.sub, repository: "acme/shop", repositoryId: "1*", ownerId: "2" }],
    ["half an immutable one", { sub: "repo:acme@123/shop:ref:refs/heads/main" }],
  ])("of %s: its own only", (_, told) => {
    expect(subjects(told)).toEqual([told.sub]);
  });

  test("of a token without one: none", () => {
    expect(subjects({})).toEqual([]);
  });
});
