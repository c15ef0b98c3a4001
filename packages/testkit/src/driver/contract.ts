import { makeBackup } from "@deploy/backup";
import type { DatabaseKind } from "@deploy/core";
import { afterAll, beforeAll, expect } from "@jest/globals";
import { needs } from "../needs.ts";
import type { Part } from "../parts.ts";
import { cuts } from "./cuts.ts";
import type { Ground } from "./ground.ts";
import { places } from "./places.ts";
import { refusals } from "./refusals.ts";
import { roundTrips } from "./roundTrips.ts";
import { leftovers, openStage } from "./stage.ts";
import type { OpenSubject } from "./subject.ts";

/**
 * What every driver of a database keeps (see @deploy/remote's port and scripts/dump/dump.sh), over OpenSSH to S3, encrypted.
 * `open` makes a database with awkward content; `parts` are the programs that takes.
 */
export function driverContract(kind: DatabaseKind, parts: readonly Part[], open: OpenSubject): void {
  needs(
    "sshd",
    "versitygw",
    "age",
    ...parts,
  )(`the driver of ${kind} keeps the contract`, () => {
    const ground = {} as { -readonly [K in keyof Ground]: Ground[K] };
    beforeAll(async () => {
      ground.stage = await openStage();
      ground.subject = await open(ground.stage);
      const { source, look, name } = ground.subject;
      ground.before = await look(name);
      ground.made = await makeBackup(ground.stage.request(source));
    }, 90_000);
    afterAll(async () => {
      const left = ground.stage === undefined ? [] : leftovers(ground.stage.tmp);
      await ground.stage?.close();
      await ground.subject?.close?.();
      expect(left).toEqual([]);
    });
    roundTrips(ground, kind);
    places(ground);
    refusals(ground);
    cuts(ground);
  });
}
