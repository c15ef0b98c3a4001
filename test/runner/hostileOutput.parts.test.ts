import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Job, openJob } from "./job.ts";

let job: Job;

beforeEach(async () => {
  job = await openJob();
});

afterEach(() => job.close());

const lines = [
  "::add-mask::swordfish",
  "swordfish",
  "::error::boom",
  "::warning file=a.yml::boom",
  "::set-env name=HACKED::yes",
  "::set-output name=release::hacked",
  "::save-state name=HACKED::yes",
  "::add-path::/hacked",
  "##[error]boom",
  "##[add-mask]swordfish",
  "::stop-commands::hacked",
  "::hacked::",
  "::group::never closed",
];
/** Nothing a shell or a C escape would change on the way. */
const chatter = `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(" ")}`;
const rewriting =
  "printf 'honest\\r\\033[2K\\033]0;title\\007\\033[1Alie\\n::error::after a return\\r::error::boom\\n'";

test("what a host prints commands nothing, and is shown", async () => {
  const inputs = { prepare: `${chatter}\n${rewriting}`, migrate: `${chatter}; exit 3` };
  const uploaded = await job.step("upload", inputs);
  const migrated = await job.step("migrate", inputs);
  for (const ran of [uploaded, migrated]) {
    expect([ran.environment, ran.paths, ran.state.HACKED, ran.outputs.release]).toEqual([
      ...[{}, [], undefined],
      expect.stringMatching(/^\d{8}T\d{6}Z-4f2a91c$/),
    ]);
    for (const line of lines) expect(ran.log).toContain(`${job.fleet.names[0]} | ${line}\n`);
  }
  expect([uploaded.code, uploaded.annotations]).toEqual([0, []]);
  expect([migrated.code, migrated.annotations.map(({ properties }) => properties.title)]).toEqual([
    1,
    ["migration-failed"],
  ]);
  for (const control of ["\r", "\u001b]", "\u001b[2K", "\u001b[1A", "\u0007"]) {
    expect([uploaded.raw, uploaded.summary].filter((text) => text.includes(control))).toEqual([]);
  }
});

test("five megabytes without a line end are cut, as are a hundred thousand lines", async () => {
  const inputs = {
    prepare: "head -c 5000000 /dev/zero | tr '\\0' x",
    migrate: "head -c 5000000 /dev/zero | tr '\\0' y | fold -w 50; exit 4",
  };
  const uploaded = await job.step("upload", inputs);
  const migrated = await job.step("migrate", inputs);
  expect([
    uploaded.code,
    uploaded.raw.length < 100_000,
    migrated.code,
    migrated.raw.length < 2_000_000,
  ]).toEqual([...[0, true], ...[1, true]]);
  expect(uploaded.log).toContain("more characters)");
  expect(migrated.log).toContain("more characters are not shown)");
  expect([migrated.outputs["exit-code"], migrated.outputs.log?.length]).toEqual(["4", 32 * 1024]);
  expect(migrated.summary.length).toBeLessThan(100_000);
});
