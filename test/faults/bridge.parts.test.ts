import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type FleetHost, needs } from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { commitOf, openWorld, type Settings, type World } from "./world.ts";

const describe = needs("sshd", "ip", "curl");

const port = 8090;
const room = "public/assets";
const settings: Settings = {
  config: {
    shared: { directories: ["uploads"], files: [] },
    assets: { bridge: 3 },
    "keep-releases": 2,
    activate: {},
  },
};

/** Serves the files below `current/public` as it is at each request. */
const server = `import { createReadStream, realpathSync } from "node:fs";
import { createServer } from "node:http";
createServer((request, answer) => {
  const file = createReadStream(realpathSync(process.argv[2]) + "/public" + new URL(request.url, "http://x").pathname);
  file.on("error", () => answer.writeHead(404).end("none"));
  file.on("open", () => file.pipe(answer));
}).listen(${port}, "127.0.0.1", () => console.log("listening"));
`;

describe("asset files of earlier releases", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ hosts: 2 });
    await onHosts(
      'mkdir -p "$1/shared/uploads" "$1/releases/notes" && echo photo >"$1/shared/uploads/a photo.jpg"',
    );
    await Promise.all(world.fleet.hosts.map(serve));
  });
  afterAll(() => world.close());

  const serve = async (host: FleetHost): Promise<void> => {
    writeFileSync(join(host.files, "files.mjs"), server);
    const argv = [process.execPath, join(host.files, "files.mjs"), `${host.srv}/shop/current`];
    await (await host.start(argv)).until(/listening/);
  };

  const onHosts = (script: string): Promise<readonly string[]> =>
    Promise.all(
      world.fleet.hosts.map(async (host) => {
        const ran = await host.exec(["sh", "-c", script, "sh", `${host.srv}/shop`]);
        return ran.stdout + ran.stderr;
      }),
    );

  /** What each host answers for the style sheets of these releases. */
  const fetched = (...letters: readonly string[]): Promise<readonly string[]> =>
    onHosts(letters.map((letter) => `curl -s http://127.0.0.1:${port}/assets/app-${letter}.css`).join("; "));

  const deploy = (letter: string) => {
    world.write({
      [`${room}/app-${letter}.css`]: `[${letter}]`,
      [`${room}/.deploy-fingerprints`]: `app-${letter}.css\n`,
      "public/index.html": letter,
    });
    return world.deploy(commitOf(letter), settings).finally(() => world.remove(`${room}/app-${letter}.css`));
  };

  test("are served by the release of today, for three releases, and found after a rollback", async () => {
    const users = 'cd "$1" && find shared releases/notes -exec ls -ld {} + -type f -exec cksum {} +';
    const before = await onHosts(users);
    for (const letter of ["a", "b", "c"]) expect((await deploy(letter)).result).toBe("deployed");
    expect(await fetched("a", "b", "c", "d")).toEqual(Array(2).fill("[a][b][c]none"));
    const own = await onHosts('cd "$1/current/public/assets" && ls -A && ls -l app-a.css | cut -c 1-10');
    expect(own).toEqual(Array(2).fill(".deploy-fingerprints\napp-a.css\napp-b.css\napp-c.css\n-rw-r--r--\n"));

    const fourth = await deploy("d");
    expect([fourth.result, fourth.problems]).toEqual(["deployed", []]);
    expect(await fetched("a", "b", "c", "d")).toEqual(Array(2).fill("none[b][c][d]"));

    const session = await world.session(settings);
    const back = await session.run({ plan: session.plan({ kind: "rollback" }), phases: ["activate"] });
    await session.close();
    expect([back.result, back.problems]).toEqual(["deployed", []]);
    expect(await fetched("a", "b", "c", "d")).toEqual(Array(2).fill("[a][b][c]none"));
    expect(await onHosts('cat "$1/current/public/index.html"')).toEqual(["c", "c"]);
    expect(await onHosts(users)).toEqual(before);
  });
});
