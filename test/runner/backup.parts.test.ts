import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { hostTree, needs, until } from "@deploy/testkit";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { ageKeys } from "./age.ts";
import { openShop, type Shop } from "./database.ts";
import { type Job, openJob } from "./job.ts";

needs("sqlite3", "age")("the actions backup and restore", () => {
  let job: Job;
  let shop: Shop;
  beforeEach(async () => {
    job = await openJob();
    shop = openShop(job);
  });
  afterEach(() => job.close());

  const step = (action: string, inputs: Readonly<Record<string, string>> = {}) =>
    job.step(action, { ...shop.inputs, ...inputs });
  const stored = () =>
    (existsSync(shop.store) ? readdirSync(shop.store).sort() : []).filter((name) => !name.startsWith("."));
  /** All that a step may change: the hosts, the store, the checkout. */
  const everything = () => [
    ...job.fleet.trees(),
    ...[job.workspace, shop.store].map((folder) =>
      existsSync(folder) ? hostTree(folder, { mtime: true }) : [],
    ),
  ];

  test("there and back: beside what is there, then in its place under the fleet lock", async () => {
    const { identity, recipient } = ageKeys();
    const made = await step("backup", { "encrypt-to": recipient });
    const id = made.outputs["backup-id"] ?? "";
    expect({ code: made.code, outputs: made.outputs, annotations: made.annotations }).toEqual({
      code: 0,
      outputs: {
        "backup-id": expect.stringMatching(/^\d{8}T\d{6}Z-shop-[0-9a-f]{4}$/),
        location: expect.stringMatching(new RegExp(`/backups/${id}\\.sqlite\\.(zst|gz)\\.age$`)),
        size: expect.stringMatching(/^[1-9]\d+$/),
        verified: "true",
        result: "backed-up",
      },
      annotations: [],
    });
    expect(made.summary).toContain(id);
    expect(stored()).toHaveLength(2);
    shop.ask("delete from orders; create table other (a);");

    const refused = await step("restore");
    expect([refused.code, refused.annotations.map(({ properties }) => properties.title)]).toEqual([
      1,
      ["backup-key"],
    ]);
    const beside = await step("restore", { "age-key": identity, into: join(shop.folder, "copy.db") });
    expect([
      beside.code,
      beside.outputs.result,
      beside.outputs["backup-id"],
      beside.outputs.previous,
    ]).toEqual([0, "restored", id, ""]);
    expect([shop.ask("select * from orders", "copy.db"), shop.ask("select * from orders")]).toEqual([
      "1|tea",
      "",
    ]);

    expect(made.log).toContain(
      `deploy restore ${id} --environment production --age-key key.txt --confirm ${shop.file}`,
    );
    const wrong = await step("restore", { "age-key": identity, confirm: "shop" });
    expect(wrong.annotations.map(({ properties }) => properties.title)).toEqual(["restore-confirm"]);
    const inPlace = await step("restore", { "age-key": identity, backup: id, confirm: shop.file });
    expect([inPlace.code, inPlace.outputs.result, shop.ask("select * from orders")]).toEqual([
      0,
      "restored",
      "1|tea",
    ]);
    const previous = inPlace.outputs.previous ?? "";
    expect(shop.ask("select count(*) from other", basename(previous))).toBe("0");
    // What was there was backed up first.
    expect([stored().length, job.fleet.lock()]).toEqual([4, "-"]);
  });

  test("a dry run changes nothing, and says which backups would go", async () => {
    await step("backup", { keep: "1" });
    const before = everything();
    const dry = await step("backup", { "dry-run": "true", keep: "1" });
    expect([dry.code, dry.outputs.result, dry.outputs["backup-id"], everything()]).toEqual([
      0,
      "planned",
      "",
      before,
    ]);
    for (const inputs of [{}, { confirm: shop.file }]) {
      const back = await step("restore", { "dry-run": "true", ...inputs });
      expect([back.code, back.outputs.result, everything()]).toEqual([0, "planned", before]);
    }
  });

  test("the first backup that is rehearsed makes no store either", async () => {
    const before = everything();
    const dry = await step("backup", { "dry-run": "true" });
    expect([dry.code, dry.outputs.result, everything(), existsSync(shop.store)]).toEqual([
      0,
      "planned",
      before,
      false,
    ]);
  });

  test.each([
    ["backup", "encrypt", "input-unknown", /Did you mean "encrypt-to"\?/],
    ["backup", "agekey", "input-unknown", /Did you mean "age-key"\?/],
    ["restore", "confirmed", "input-unknown", /Did you mean "confirm"\?/],
    ["migrate", "database_url", "input-unknown", /Did you mean "database-url"\?/],
  ])("%s with the input %s: refused with what was meant", async (action, input, title, message) => {
    const before = everything();
    const ran = await job.step(action, { [input]: "x" });
    const found = { level: "error", message: expect.stringMatching(message), properties: { title } };
    expect([ran.code, ran.outputs.result, ran.annotations, everything()]).toEqual([
      1,
      "failed",
      [found],
      before,
    ]);
  });

  test.each(["SIGTERM", "SIGINT", "SIGKILL"] as const)(
    "%s in the middle of a dump: no backup, and the next run makes one",
    async (signal) => {
      const begun = join(dirname(job.workspace), "begun");
      const half = "head -c 3000000 /dev/urandom; : >$BEGUN; until [ -e $BEGUN.go ]; do sleep 0.05; done";
      const inputs = {
        ...{ app: "shop", database: "command", store: shop.store, verify: "cat >/dev/null" },
        ...{ run: half.replaceAll("$BEGUN", begun), from: "runner" },
      };
      const ran = await job.step("backup", inputs, {
        signals: [{ after: () => until("half of the dump", () => existsSync(begun)), signal }],
      });
      expect([ran.code, ran.signal, ran.outputs["backup-id"]]).toEqual(
        signal === "SIGKILL" ? [null, signal, undefined] : [130, null, undefined],
      );
      expect(stored()).toEqual([]);
      writeFileSync(`${begun}.go`, "");
      const again = await job.step("backup", { ...inputs, run: "seq 1000" });
      expect([again.code, again.outputs.result]).toEqual([0, "backed-up"]);
      expect(stored()).toHaveLength(2);
    },
  );
});
