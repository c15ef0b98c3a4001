import { needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { commitOf, openWorld, type World } from "./world.ts";

const describe = needs("sshd", "ip", "curl");

/** What Capistrano leaves: a timestamp, an absolute link, and a filled shared folder. */
const capistrano = `set -e
mkdir -p "$1/releases/20240131235959" "$1/shared/uploads"
echo old >"$1/releases/20240131235959/index.html"
echo photo >"$1/shared/uploads/a photo.jpg"
echo KEY=value >"$1/shared/.env"
ln -s "$1/releases/20240131235959" "$1/current"`;

describe("a folder that another tool laid out", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ hosts: 3 });
    await onHosts(capistrano);
  });
  afterAll(() => world.close());

  const onHosts = (script: string): Promise<readonly string[]> =>
    Promise.all(
      world.fleet.hosts.map(async (host) => {
        const ran = await host.exec(["sh", "-c", script, "sh", `${host.srv}/shop`]);
        return ran.stdout + ran.stderr;
      }),
    );

  const shared = { shared: { directories: ["uploads"], files: [".env"] } };

  test("is adopted: deployed to, its shared files as they were, and gone back to", async () => {
    const before = await onHosts('cd "$1/shared" && find . -type f -exec cksum {} +');
    const config = { ...shared, activate: {} };
    const report = await world.deploy(commitOf("a"), { config });
    expect([report.result, report.previous, report.problems]).toEqual(["deployed", "20240131235959", []]);
    expect(await onHosts('cat "$1/current/uploads/a photo.jpg" "$1/current/.env"')).toEqual(
      Array(3).fill("photo\nKEY=value\n"),
    );
    const session = await world.session({ config });
    const plan = session.plan({ kind: "rollback" });
    const back = await session.run({ plan, phases: ["activate"] });
    await session.close();
    expect([back.result, back.release]).toEqual(["deployed", "20240131235959"]);
    expect(await onHosts('cat "$1/current/index.html"')).toEqual(Array(3).fill("old\n"));
    expect(await onHosts('cd "$1/shared" && find . -type f -exec cksum {} +')).toEqual(before);
  });
});
