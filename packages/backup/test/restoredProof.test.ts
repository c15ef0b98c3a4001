import { gunzipSync } from "node:zlib";
import { Secret } from "@deploy/core";
import { describe, expect, test } from "@jest/globals";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { makeBackup, renderBackupText, restoreCommand } from "../src/index.ts";
import { parseBackupManifest } from "../src/manifest/parse.ts";
import { counted, hex, ok, type Play } from "./fakes/host.ts";
import { failed, keysIn, password, plain, played } from "./fakes/request.ts";

const identity = new Secret(await generateIdentity());
const recipient = await identityToRecipient(identity.reveal());

describe("proved by restoring it", () => {
  const rows = (orders: number): { name: string; rows: number }[] => [
    { name: "public.orders", rows: orders },
    { name: "public.empty", rows: 0 },
  ];
  const restoring = (
    looks: readonly Play[],
    restore: Play = async () => ok("restored 2"),
  ): Readonly<Record<string, Play>> => {
    const left = [...looks];
    return {
      count: (call) => (left.shift() ?? counted([]))(call),
      restore,
      drop: async () => ok("dropped"),
    };
  };
  const full = { recipients: [recipient], identity, verify: "restore" as const };

  test("into a scratch database, which is dropped", async () => {
    const request = played(restoring([counted(rows(5)), counted(rows(9)), counted(rows(6))]), full);
    const made = await makeBackup(request);
    expect(made.proofs).toEqual(["parsed", "read-back", "decrypted", "restored"]);
    expect(request.transport.ran).toEqual(["inspect", "count", "dump", "count", "restore", "count", "drop"]);
    const [restore, , drop] = request.transport.calls.slice(-3);
    const scratch = restore?.args.find((arg) => arg.startsWith("shop_deploy_verify_"));
    expect(drop?.args).toContain(scratch);
    const [line, bytes] = [
      restore?.input.subarray(0, 41) ?? "",
      restore?.input.subarray(hex(password).length + 1),
    ];
    expect(String(line).startsWith(`${hex(password)}\n`)).toBe(true);
    expect(gunzipSync(bytes ?? "").equals(plain)).toBe(true);
  });

  test.each([
    [
      "rows are missing",
      counted([{ name: "public.orders", rows: 4 }]),
      "public.empty is missing; public.orders has 4 rows instead of 5",
    ],
    ["another schema", counted(rows(5), "f".repeat(64)), "the schema is another one"],
  ])("%s: no backup", async (_, look, why) => {
    const request = played(restoring([counted(rows(5)), counted(rows(5)), look]), full);
    expect(await failed(request)).toEqual(["backup-unproved", `The restored copy differs: ${why}`]);
    expect(request.transport.ran.at(-1)).toBe("drop");
    expect(keysIn(request.store)).toEqual([]);
  });

  test("where owners cannot be made it is done without, which is kept and told", async () => {
    const told: string[] = [];
    const restore: Play = async ({ args }) =>
      args.at(5) === "0"
        ? ok("restored 2")
        : {
            status: "exited",
            code: 65,
            stdout: `\n--deploy-begin--\nerror restore-failed ${hex("no member of archive")}\n--deploy-end-- 65\n`,
          };
    const plays = restoring([counted(rows(5)), counted(rows(5)), counted(rows(5))], restore);
    const made = await makeBackup(played(plays, { ...full, onNote: (note) => told.push(note) }));
    expect([made.proofs.at(-1), made.plainOwners]).toEqual(["restored", true]);
    expect(told[0]).toBe(
      "It comes back only without owners and grants (`--plain-owners`); with them: no member of archive",
    );
    expect(restoreCommand(made, "production")).toBe(
      `deploy restore ${made.id} --environment production --age-key key.txt --plain-owners --confirm shop`,
    );
    expect(renderBackupText(made)).toContain("restored and compared, without owners and grants");
    expect(parseBackupManifest(JSON.stringify(made), made.id)).toEqual(made);
  });

  test("a restore that fails: no backup, and the scratch database goes", async () => {
    const restore: Play = async () => ({ status: "signalled", signal: "SIGKILL" });
    const request = played(restoring([counted([]), counted([])], restore), full);
    expect(await failed(request)).toEqual([
      "backup-unproved",
      "The backup could not be restored for proof: restore postgres was ended by SIGKILL",
    ]);
    expect(request.transport.ran.at(-1)).toBe("drop");
  });

  test("a scratch database that stays is noted", async () => {
    const notes: string[] = [];
    const plays = restoring([counted([]), counted([]), counted([])]);
    const drop: Play = async () => ({ status: "unknown", reason: "connection lost" });
    await makeBackup(played({ ...plays, drop }, { ...full, onNote: (note) => notes.push(note) }));
    expect(notes.at(-1)).toMatch(
      /^The scratch database shop_deploy_verify_[0-9a-f]{4} could not be dropped and may still be there: /,
    );
  });
});
