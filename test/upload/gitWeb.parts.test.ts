import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PackedArtifact } from "@deploy/artifact";
import { type GitStaged, gitStage } from "@deploy/remote";
import {
  type FleetHost,
  type GitServer,
  gitServer,
  needs,
  repositoryIn,
  type TestRepository,
} from "@deploy/testkit";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { capistrano, commit as commitPage } from "../newcomer/peers.ts";
import { openRig, type Rig, refused, releaseOf, type Site, writeMany } from "./rsync.ts";

const size = 30_000;
const [one, two] = [releaseOf(1), releaseOf(2)];
const token = "ghs_0123456789abcdefghij";
const whole = { status: "received", state: "ready" };

needs(
  "sshd",
  "ip",
  "openssl",
)("a private repository, fetched by the host over https with a token", () => {
  let [rig, server, repository]: [Rig, GitServer, TestRepository] = [] as never;
  let [app, first]: [string, string] = ["", ""];
  let packed: PackedArtifact;
  /** What the next POST waits for, and who learns that it came. */
  let hold: { readonly until: Promise<void>; readonly came: () => void } | undefined;

  beforeAll(async () => {
    rig = await openRig({ hosts: [{ config: ["PermitUserEnvironment yes"] }] });
    app = join(rig.folder, "app");
    writeMany(app, 40, size);
    repository = repositoryIn(rig.folder);
    first = repository.commit(app);
    packed = await rig.pack(app, 1);
    server = await gitServer({
      ...{ root: rig.folder, token, host: rig.fleet.gateway, tls: certificate(rig) },
      before: async ({ method }) => {
        if (method !== "POST" || hold === undefined) return;
        const { until, came } = hold;
        hold = undefined;
        came();
        await until;
      },
    });
  });
  afterAll(async () => {
    await server?.close();
    await rig?.close();
  });

  const url = () => `${server.url}/shop.git`;
  const fetch = (site: Site, release: string, secret = token, repository = url()): Promise<GitStaged> => {
    const options = { fence: site.fence, release, commit: first, repository, hostKeys: [] };
    const input = (async function* () {
      yield Buffer.from(secret);
    })();
    return site.ask(gitStage({ ...options, access: "token" }), { input, capture: 1e8 });
  };
  const bring = async (site: Site, release: string) => {
    const { manifest } = await fetch(site, release);
    return site.take(packed, release, manifest);
  };
  const onHost = async (script: string, ...args: readonly string[]) =>
    (await rig.fleet.hosts[0]?.exec(["sh", "-c", script, "sh", ...args]))?.stdout ?? "";
  /** Resolves once a host asked for objects, and lets it wait for them until `go`. */
  const holdNext = () => {
    let [go, came] = [() => {}, () => {}];
    const until = new Promise<void>((done) => {
      go = done;
    });
    const held = new Promise<void>((done) => {
      came = done;
    });
    hold = { until, came };
    return { held, go };
  };

  test("the token stands in no argument, no environment and no file", async () => {
    const site = await rig.open("token");
    const { held, go } = holdNext();
    const brought = bring(site, one);
    await held;
    const secret = join(rig.folder, "secret");
    writeFileSync(secret, token);
    const found = await onHost(
      'grep -laF -f "$2" /proc/[0-9]*/cmdline /proc/[0-9]*/environ; grep -rlF -f "$2" "$1"; cat /proc/[0-9]*/comm | grep -c git',
      site.fence.base,
      secret,
    );
    go();
    expect(Number(found)).toBeGreaterThan(1);
    expect(await brought).toEqual(whole);
    expect(server.seen.some(({ authorization }) => authorization !== "")).toBe(true);
  });

  test("another token is refused, and none goes where the server sends on to", async () => {
    const site = await rig.open("refused");
    expect((await refused(fetch(site, one, "ghs_other")))[0]).toBe("git-access");
    const tls = certificate(rig);
    const target = await gitServer({ root: rig.folder, token, host: rig.fleet.gateway, tls });
    const door = await gitServer({
      ...{ root: rig.folder, host: rig.fleet.gateway, tls },
      before: ({ url = "" }, response) => {
        response.writeHead(302, { location: `${target.url}${url}` }).end();
      },
    });
    const sentOn = await rig.open("sent-on");
    const [code] = await refused(fetch(sentOn, one, token, `${door.url}/shop.git`));
    expect([code, target.seen.length > 0]).toEqual(["git-access", true]);
    expect([...door.seen, ...target.seen].filter(({ authorization }) => authorization !== "")).toEqual([]);
    await Promise.all([door.close(), target.close()]);
  });

  test("a connection that is lost while git fetches: the next run ends that git, and is whole", async () => {
    const site = await rig.open("cut");
    const { held, go } = holdNext();
    const cut = site.transport.exec(
      gitStage({
        fence: site.fence,
        release: one,
        commit: first,
        repository: url(),
        hostKeys: [],
        access: "token",
      }),
      {
        input: (async function* () {
          yield Buffer.from(token);
        })(),
      },
    );
    await held;
    await site.transport.close();
    expect((await cut).status).toBe("unknown");
    const again = await rig.open("cut");
    expect(await bring(again, one)).toEqual(whole);
    go();
    expect(await onHost("cat /proc/[0-9]*/comm | grep -c git")).toBe("0\n");
  });

  test("git is killed on the host: said, nothing is visible, and the next run is whole", async () => {
    const site = await rig.open("killed");
    const { held, go } = holdNext();
    const killed = refused(fetch(site, one));
    await held;
    await onHost(
      "for path in /proc/[0-9]*; do case $(cat $path/comm) in git-remote-http) kill -9 $(basename $path) ;; esac; done",
    );
    expect((await killed)[0]).toBe("git-failed");
    go();
    expect(await onHost('ls "$1/releases"', site.fence.base)).toBe("");
    expect(await bring(site, one)).toEqual(whole);
  });

  test("of two at once the later one goes on alone", async () => {
    const [site, later] = [await rig.open("two"), await rig.open("two")];
    const { held, go } = holdNext();
    const early = site
      .ask(
        gitStage({
          fence: later.fence,
          release: one,
          commit: first,
          repository: url(),
          hostKeys: [],
          access: "token",
        }),
        {
          input: (async function* () {
            yield Buffer.from(token);
          })(),
        },
      )
      .then(
        () => "ok",
        () => "ended",
      );
    await held;
    expect(await bring(later, two)).toEqual(whole);
    go();
    expect([await early, await onHost('ls "$1/releases"', later.fence.base)]).toEqual(["ended", `${two}\n`]);
  });
});

needs(
  "sshd",
  "ip",
  "cap",
)("Capistrano's repo/", () => {
  test("is not fetched again, is left as it was, and may be removed", async () => {
    const rig = await openRig({ hosts: 1 });
    const desk = { fleet: rig.fleet, work: mkdtempSync(join(rig.folder, "cap-")) };
    const server = await gitServer({ root: desk.work, host: rig.fleet.gateway });
    const host = rig.fleet.hosts[0] as FleetHost;
    const sh = async (script: string) =>
      (await host.exec(["sh", "-c", `cd "$1" && ${script}`, "sh", peer.folder])).stdout;
    const tip = () =>
      execFileSync("git", [`--git-dir=${desk.work}/site.git`, "rev-parse", "main"], {
        encoding: "utf8",
      }).trim();
    writeMany(join(desk.work, "site"), 40, size);
    commitPage(desk, "one\n");
    const peer = capistrano(desk);
    await host.exec([
      "sh",
      "-c",
      'mkdir -p "$1/shared/uploads" && touch "$1/shared/.env"',
      "sh",
      peer.folder,
    ]);
    await peer.deploy();
    const before = await sh("find repo -type f -exec cksum {} + | sort");
    expect(before.length).toBeGreaterThan(100);

    commitPage(desk, "two\n");
    const site = await rig.open("shop");
    const bring = async (release: string) => {
      const packed = await rig.pack(join(desk.work, "site"), 1);
      const command = gitStage({
        ...{ fence: site.fence, release, commit: tip(), repository: `${server.url}/site.git` },
        ...{ hostKeys: [], access: "none" },
      });
      const { bytes, manifest } = await site.ask(command, { input: nothing(), capture: 1e8 });
      const { saved } = await packed.parcel(manifest, "gzip");
      return {
        bytes,
        all: saved === packed.artifact.bytes,
        received: await site.take(packed, release, manifest),
      };
    };
    const adopted = await bring(one);
    expect([adopted.received, adopted.all, adopted.bytes < 2_000]).toEqual([whole, true, true]);
    expect(await sh("find repo -type f -exec cksum {} + | sort")).toBe(before);

    await sh("rm -rf repo");
    commitPage(desk, "three\n");
    const anew = await bring(two);
    expect([anew.received, anew.all, anew.bytes > 40 * size]).toEqual([whole, true, true]);
    expect(readFileSync(site.path(`releases/${two}/index.html`), "utf8")).toBe("three\n");
    await peer.deploy();
    expect(await sh("cat current/index.html")).toBe("three\n");
    await server.close();
    await rig.close();
  });
});

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Of the gateway's address; the host trusts it by its environment, as one behind a company's own authority does. */
function certificate({ fleet, folder }: Rig): { readonly key: string; readonly cert: string } {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  if (existsSync(cert)) return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  const subject = ["-subj", "/CN=git", "-addext", `subjectAltName=IP:${fleet.gateway}`];
  const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2"];
  execFileSync("openssl", [...made, ...subject], { stdio: "ignore" });
  const home = join(fleet.hosts[0]?.home ?? "", ".ssh");
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "environment"), `GIT_SSL_CAINFO=${cert}\n`);
  return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
}
