import { rmSync } from "node:fs";
import { DeployError } from "@deploy/core";
import { fieldValue, packageName, packageVersion } from "@deploy/package";
import { afterAll, expect, test } from "@jest/globals";
import { parseParagraphs, renderParagraph } from "../src/control/fields.ts";
import { build, makeFolder } from "./stage.ts";

const folder = makeFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("names and versions are those that dpkg takes", () => {
  expect([packageName("Shop_Web"), packageName("shop-20261121T084450Z-4f2a91c")]).toEqual([
    "shop-web",
    "shop-20261121t084450z-4f2a91c",
  ]);
  for (const bad of ["", "s", "-shop", "shop/x", "shop x", "../shop", "shöp"]) {
    expect(() => packageName(bad)).toThrow("is no name of a package");
  }
  for (const fine of ["1", "1.4.0~rc.1", "20261121T084450Z-4f2a91c"]) expect(packageVersion(fine)).toBe(fine);
  for (const bad of ["", "v1", "1_2", "1/2", "1 2", "1:2", "../1", "1\n2"]) {
    expect(() => packageVersion(bad)).toThrow("is no version of a package");
  }
});

test("a value cannot begin another field", () => {
  expect(fieldValue("summary", " sells things ")).toBe("sells things");
  for (const bad of ["", " ", "a\nDepends: evil", "a\rb", "a\u0000b"]) {
    expect(() => fieldValue("summary", bad)).toThrow("summary is empty, or of several lines");
  }
});

test("paragraphs come back as they were written, and other texts are refused", () => {
  const fields = { Package: "shop", Description: "sells\nthings.", SHA256: "\nab 1 x\ncd 2 y" };
  const text = renderParagraph(fields);
  expect(text).toBe("Package: shop\nDescription: sells\n things.\nSHA256:\n ab 1 x\n cd 2 y\n");
  expect(parseParagraphs(`${text}\n${text}`)).toEqual([fields, fields]);
  for (const bad of [" begins\n", "Package shop\n", "A: 1\nA: 2\n", "A:1\n"])
    expect(parseParagraphs(bad)).toBeUndefined();
});

test.each(["~/shop", "/shop", "/opt/shop/", "/opt/my shop"])(
  "deploy-to %s is refused: package-invalid",
  async (deployTo) => {
    const error = await build(folder, { deployTo }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DeployError);
    expect((error as DeployError).problem).toMatchObject({
      code: "package-invalid",
      message: expect.stringContaining(deployTo),
    });
  },
);
