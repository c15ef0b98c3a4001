import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { PackedArtifact } from "@deploy/artifact";
import { type RsyncRoom, rsyncCarrier } from "@deploy/session";
import { hostTree, needs, tcpProxy, until } from "@deploy/testkit";
import { sendByRsync } from "@deploy/transport";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  killClient,
  killServer,
  noise,
  openRig,
  type Rig,
  refused,
  releaseOf,
  type Site,
  writeMany,
} from "./rsync.ts";

/** Together more than what the buffers on the way hold. */
const size = 60_000;
const describe = needs("sshd", "ip", "rsync");

describe("rsync over the connection that is there", () => {
  let rig: Rig;
  let app: string;
  let packed: PackedArtifact;
  let carrier: RsyncRoom;
  const [one, two] = [releaseOf(1), releaseOf(2)];

  beforeAll(async () => {
    rig = await openRig({ hosts: [{}, { tmpfs: "4m" }] });
    app = join(rig.folder, "app");
    writeTree(app);
    packed = await rig.pack(app, 1);
    carrier = rsyncCarrier(packed, rig.folder);
  });
  afterAll(async () => {
    await carrier.close();
    await rig.close();
  });

  const treeIn = (site: Site, release: string, mtime = true) =>
    hostTree(site.path(`releases/${release}`), { mtime }).filter(
      ({ path }) => path !== "REVISION" && path !== "RELEASE",
    );
  const untimed = (site: Site, release: string) => treeIn(site, release, false);

  test("gives the very tree that the artifact gives, whole or in part, copied or linked", async () => {
    const [sent, carried, linked] = (await Promise.all(
      ["sent", "carried", "linked"].map((name) => rig.open(name)),
    )) as [Site, Site, Site];
    const next = join(rig.folder, "next");
    cpSync(app, next, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    changeTree(next);
    const later = await rig.pack(next, 2);
    const carryLater = rsyncCarrier(later, rig.folder);
    await sent.send(packed, one);
    await sent.send(later, two);
    for (const [site, unchanged] of [
      [carried, "copy"],
      [linked, "link"],
    ] as const) {
      const cold = await carrier(site.asked(one, { unchanged }));
      expect(cold).toEqual({ sent: expect.any(Number), saved: 0, linked: 0 });
      await site.adopt(packed, one, { unchanged });
      expect(treeIn(site, one)).toEqual(treeIn(sent, one));
      const again = await carryLater(site.asked(two, { from: one, unchanged }));
      expect(again).toEqual({
        sent: expect.any(Number),
        saved: later.artifact.bytes - (size + 1) - 4,
        linked: unchanged === "link" ? 120 : 0,
      });
      expect(again.sent).toBeLessThan(1.5 * size);
      expect(await site.adopt(later, two, { unchanged })).toEqual({
        status: "received",
        state: "ready",
      });
    }
    expect(treeIn(carried, two)).toEqual(treeIn(sent, two));
    expect(untimed(linked, two)).toEqual(untimed(sent, two));
    const rooms = () => readdirSync(rig.folder).filter((name) => name.startsWith("deploy-rsync-")).length;
    const before = rooms();
    await carryLater.close();
    expect([before, rooms()]).toEqual([2, 1]);
  });

  test("a release that is not known to be whole is not built on: all is sent", async () => {
    const site = await rig.open("foreign");
    mkdirSync(site.path(`releases/${one}`), { recursive: true });
    const cold = { sent: expect.any(Number), saved: 0, linked: 0 };
    expect(await carrier(site.asked(two, { from: one, unchanged: "link" }))).toEqual(cold);
    expect(await site.adopt(packed, two, { unchanged: "link" })).toMatchObject({ status: "received" });
    expect(untimed(site, two)).toEqual(hostTree(app));
  });

  test("a release that is there already costs no transfer", async () => {
    const site = await rig.open("there");
    await site.send(packed, one);
    expect(await carrier(site.asked(one))).toEqual({ sent: 0, saved: 0, linked: 0 });
    expect(await site.adopt(packed, one)).toEqual({ status: "already", state: "ready" });
  });

  describe("cut off, it goes on from what arrived", () => {
    let whole = 0;
    const cuts = [
      ["the runner's rsync is killed", 10, "rsync-failed"],
      ["the runner's rsync is killed", 50, "rsync-failed"],
      ["the runner's rsync is killed", 99, "rsync-failed"],
      ["the host's rsync is killed", 10, "rsync-failed"],
      ["the host's rsync is killed", 50, "rsync-failed"],
      ["the host's rsync is killed", 99, "rsync-failed"],
      ["the connection is cut", 50, "connection-lost"],
      ["the run is cancelled", 50, "connection-lost"],
    ] as const;

    beforeAll(async () => {
      whole = (await carrier((await rig.open("whole")).asked(one))).sent;
    });

    test.each(cuts)("%s at %i %%", async (what, percent, code) => {
      const [host] = rig.fleet.hosts;
      const proxy = await tcpProxy({ to: { host: host?.address ?? "", port: host?.port ?? 0 } });
      const site = await rig.open(`${what} ${percent}`.replaceAll(/[^a-z0-9]/g, "-"), { through: proxy });
      const stop = new AbortController();
      const acts = {
        "the runner's rsync is killed": () => killClient(),
        "the host's rsync is killed": () => killServer(one),
        "the connection is cut": () => proxy.reset(),
        "the run is cancelled": () => stop.abort(),
      };
      const share = (whole * percent) / 100;
      const held = proxy.holdAfter(Math.floor(share), "toServer");
      const cut = refused(carrier(site.asked(one, { signal: stop.signal })));
      await held;
      // What has passed also has to lie there: whole files, but for the one that is on its way.
      await until("what passed", () => sizeOf(site.path(`.deploy/staging/${one}.rsync`)) > share - 3 * size);
      acts[what]();
      proxy.resume();
      expect((await cut)[0]).toBe(code);
      expect([existsSync(site.path(`releases/${one}`)), existsSync(site.path("current"))]).toEqual([
        false,
        false,
      ]);
      const again = await rig.open(`${what} ${percent}`.replaceAll(/[^a-z0-9]/g, "-"));
      const { sent } = await carrier(again.asked(one));
      expect(sent).toBeLessThan(percent === 10 ? whole + 1 : whole * 0.8);
      expect(await again.adopt(packed, one)).toEqual({ status: "received", state: "ready" });
      await proxy.close();
    });
  });

  test("half of a large file is not sent again", async () => {
    const site = await rig.open("large");
    const folder = join(rig.folder, "large");
    mkdirSync(folder, { mode: 0o755 });
    writeFileSync(join(folder, "file"), noise("large", 8_000_000));
    const onBytes = (sent: number) => void (sent > 4_000_000 && killClient());
    const cut = await refused(sendByRsync({ ...site.asked(one, { onBytes }), folder }));
    expect(cut).toEqual(["rsync-failed", "rsync was ended by SIGKILL"]);
    const { stats } = await sendByRsync({ ...site.asked(one), folder });
    expect([stats?.matched ?? 0].map((matched) => matched > 1_000_000)).toEqual([true]);
  });

  test("sees other content of the same size and time, and mends it where it lies in staging", async () => {
    const site = await rig.open("same");
    await site.send(packed, one);
    await site.goLive(one);
    const path = site.path(`releases/${one}/part 0/0.bin`);
    const { atime, mtime } = statSync(path);
    writeFileSync(path, noise("other", size));
    utimesSync(path, atime, mtime);
    const { saved } = await carrier(site.asked(two, { from: one }));
    expect(saved).toBe(packed.artifact.bytes - size);
    const staged = site.path(`.deploy/staging/${two}.rsync/part 1/1.bin`);
    const times = statSync(staged);
    writeFileSync(staged, noise("more", size));
    utimesSync(staged, times.atime, times.mtime);
    expect((await carrier(site.asked(two, { from: one }))).saved).toBe(packed.artifact.bytes - size);
    await site.adopt(packed, two);
    expect(untimed(site, two)).toEqual(hostTree(app));
  });

  test("a file that changes on the runner is found by the manifest, one that vanishes by rsync", async () => {
    const site = await rig.open("changed");
    const folder = join(rig.folder, "loose");
    await packed.unpack(folder);
    writeFileSync(join(folder, "part 0/0.bin"), noise("other", size));
    await sendByRsync({ ...site.asked(one), folder });
    const difference = "first difference: part 0/0.bin";
    expect(await refused(site.adopt(packed, one))).toEqual([
      "stream-damaged",
      `release ${one} is not what was packed; ${difference}`,
    ]);
    expect([existsSync(site.path(`releases/${one}`)), hostTree(site.path(".deploy/staging"))]).toEqual([
      false,
      [],
    ]);
    let gone = false;
    const onBytes = (sent: number) => {
      if (!gone && sent > 40 * size) rmSync(join(folder, "part 6"), { recursive: true });
      gone ||= sent > 40 * size;
    };
    const [code, message] = await refused(sendByRsync({ ...site.asked(one, { onBytes }), folder }));
    expect([code, message.slice(0, 70)]).toEqual([
      "rsync-failed",
      expect.stringMatching(/^rsync ended 2[34], /),
    ]);
  });

  test("a host without room, and one whose staging cannot be written: said as such, nothing visible", async () => {
    const small = await rig.open("small", { host: 1 });
    const [full, why] = await refused(carrier(small.asked(one)));
    expect([full, why.includes("No space left on device")]).toEqual(["disk-full", true]);
    expect(existsSync(small.path(`releases/${one}`))).toBe(false);
    const site = await rig.open("readonly");
    const staged = `${site.fence.base}/.deploy/staging/${one}.rsync`;
    const frozen =
      'mkdir -p "$0" && chmod 700 "$0" && mount --bind "$0" "$0" && mount -o remount,ro,bind "$0"';
    await rig.fleet.hosts[0]?.exec(["sh", "-c", frozen, staged]);
    const [code, message] = await refused(carrier(site.asked(one)));
    await rig.fleet.hosts[0]?.exec(["umount", staged]);
    expect([code, message.includes("Read-only file system")]).toEqual(["write-failed", true]);
    expect(existsSync(site.path(`releases/${one}`))).toBe(false);
  });
});

/** Bytes of the files in a folder that rsync has finished; it may be at work there. */
function sizeOf(folder: string): number {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  const done = names.filter((name) => name.endsWith(".bin"));
  return done.reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/** 120 files of 60 kB and what else a tree may hold. */
function writeTree(root: string): void {
  writeMany(root, 120, size);
  mkdirSync(join(root, "empty dir"));
  mkdirSync(join(root, "bin"));
  chmodSync(join(root, "bin"), 0o755);
  writeFileSync(join(root, "bin/start"), "#!/bin/sh\n", { mode: 0o755 });
  writeFileSync(join(root, "über 'x' $y.txt"), "ü");
  writeFileSync(join(root, "-rf"), "");
  symlinkSync("../part 0/0.bin", join(root, "bin/link"));
}

/** One file grows, one is new, one goes, one has another mode, one link leads elsewhere. */
function changeTree(root: string): void {
  writeFileSync(join(root, "part 0/0.bin"), noise("new", size + 1));
  writeFileSync(join(root, "bin/new"), "new\n");
  rmSync(join(root, "part 1/1.bin"));
  chmodSync(join(root, "part 2/2.bin"), 0o755);
  rmSync(join(root, "bin/link"));
  symlinkSync("start", join(root, "bin/link"));
}
