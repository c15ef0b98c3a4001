import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificate } from "@deploy/package";
import { mintSigner, pemSigner } from "@deploy/sign";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Inputs, runStep } from "./steps.ts";

const keys = { staging: mintSigner(), production: mintSigner() };
type Environment = keyof typeof keys;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "packages-"));
  write("site/page", "one\n");
  const { armored } = await makeCertificate(pemSigner(keys.staging), "shop staging packages", 1_763_700_000);
  write("staging.asc", armored);
  configure("");
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(join(folder, "workspace", path, ".."), { recursive: true });
  writeFileSync(join(folder, "workspace", path), text);
}

/** `more`: of each environment's `package`. */
function configure(more: string): void {
  const environment = (name: string) =>
    `  ${name}:\n    hosts: [a@${name}.example.org]\n    package: { maintainer: "Shop <x@example.org>"${more.replace("NAME", name)} }\n`;
  const text = `app: shop\ndeploy-to: /opt/shop\nsource: site\nenvironments:\n${environment("staging")}${environment("production")}`;
  write(".github/deploy.yml", text);
}

/** A step of a job of its own, with the key of the environment that is named. */
function step(
  action: string,
  environment: Environment,
  given: Inputs = {},
  key: Environment | "none" = environment,
) {
  const signing = key === "none" ? {} : { "signing-key": keys[key].reveal() };
  return runStep(
    action,
    {},
    { environment, ...signing, ...given },
    {
      RUNNER_TEMP: mkdtempSync(join(folder, "temp-")),
      GITHUB_WORKSPACE: join(folder, "workspace"),
      GITHUB_REPOSITORY: "org/shop",
      GITHUB_RUN_ID: "4711",
      GITHUB_RUN_ATTEMPT: "1",
      GITHUB_SHA: "1111".repeat(10),
    },
  );
}

const codes = ({ exitCode, errors }: Awaited<ReturnType<typeof step>>) => [
  exitCode,
  ...errors.map(({ code }) => code),
];

test("each move leads on: published on staging, tested there, promoted to production, and nothing is sent twice", async () => {
  const built = await step("package", "staging", { phase: "build" }, "none");
  expect([built.exitCode, built.outputs.index, built.outputs.changed]).toEqual([0, "", "false"]);
  expect(codes(await step("package", "staging"))).toEqual([1, "package-unconfigured"]);
  configure(", repository: apt/NAME, certificate: staging.asc");
  expect(codes(await step("package", "staging", {}, "none"))).toEqual([1, "signing-key"]);
  expect(codes(await step("package", "staging", { phase: "tested" }))).toEqual([1, "input-missing"]);

  const rehearsed = await step("package", "staging", { "dry-run": "true" });
  expect([rehearsed.exitCode, existsSync(join(folder, "workspace/apt"))]).toEqual([0, false]);
  const published = await step("package", "staging");
  const { version = "", packages = "" } = published.outputs;
  expect([published.exitCode, published.outputs.changed]).toEqual([0, "true"]);
  expect(JSON.parse(packages).map(({ name }: { name: string }) => name)).toEqual([
    `shop-${version.toLowerCase()}`,
    "shop",
  ]);
  const said = published.log.replaceAll(/::add-mask::(.*\n)+?(?=::)/g, "");
  expect(said + published.summary + JSON.stringify(published.outputs)).not.toContain("PRIVATE KEY");
  expect((await step("package", "staging")).outputs.changed).toBe("false");

  const promote = (given: Inputs = {}, key: Environment = "production") =>
    step("promote", "production", { from: "staging", version, ...given }, key);
  expect(codes(await promote({ version: "" }))).toEqual([1, "input-missing"]);
  expect(codes(await promote({ version: "20200101T000000Z-1234567" }))).toEqual([1, "package-missing"]);
  expect(codes(await promote())).toEqual([1, "not-tested"]);
  // The word of another key is none.
  expect(codes(await step("package", "staging", { phase: "tested", version }, "production"))).toEqual([
    1,
    "index-foreign",
  ]);
  const tested = await step("package", "staging", { phase: "tested", version });
  expect([tested.exitCode, tested.outputs.changed]).toEqual([0, "true"]);
  const looked = await promote({ "dry-run": "true" });
  expect([looked.exitCode, existsSync(join(folder, "workspace/apt/production"))]).toEqual([0, false]);
  const promoted = await promote();
  expect([promoted.exitCode, promoted.outputs.changed]).toEqual([0, "true"]);
  expect(promoted.log).toContain("by run 4711 of org/shop");
  expect((await promote()).outputs.changed).toBe("false");
  // Production's repository is begun by production's key: staging's may not go on with it.
  expect(codes(await promote({}, "staging"))).toEqual([1, "index-foreign"]);
});
