import { appendFileSync } from "node:fs";
import { count } from "@deploy/core";
import { needs } from "@deploy/testkit";
import { expect, test } from "@jest/globals";
import { type Drilled, drill, versions } from "./drill.ts";

/** All that is installed; `npm run test:drills` brings more. */
needs("postgres")("backups of PostgreSQL between clients and servers of different age", () => {
  const clients = versions("pg_dump");
  const drilled: Drilled = { made: [], equal: [], refused: [], failed: [] };

  test.each(versions("postgres"))(
    "of the server $major come back equal by every client, or it is told which one they need",
    async (server) => {
      const before = drilled.equal.length;
      await drill(server, clients, drilled);
      expect(drilled.failed).toEqual([]);
      expect(drilled.equal.length).toBeGreaterThan(before);
    },
    120_000,
  );

  test("are counted", () => {
    const { made, equal, refused } = drilled;
    const told = process.env.DEPLOY_DRILLS_TOLD;
    const line = `${count(made.length, "backup")} made, ${count(equal.length, "restore")}, ${equal.length} equal, ${refused.length} refused by name`;
    if (told !== undefined) appendFileSync(told, `${line}\n`);
    expect(made.length).toBeGreaterThan(0);
  });
});
