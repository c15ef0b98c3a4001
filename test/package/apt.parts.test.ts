import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mintSigner, pemSigner } from "@deploy/sign";
import { needs } from "@deploy/testkit";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Debian, debian } from "./debian.ts";
import { openStand, type Stand } from "./stand.ts";

const a = "20261121T084450Z-4f2a91c";
const b = "20261122T084450Z-5f2a91c";
const c = "20261123T084450Z-6f2a91c";
const own = (id: string) => `shop-${id.toLowerCase()}`;
const apt = "apt-get -y -q --no-install-recommends --allow-downgrades";
const live = "cat /opt/shop/current/version";

const suites = ["bookworm", "trixie"] as const;

needs("debootstrap", "ip")("apt on", () => {
  describe.each(suites)("%s", (suite) => {
    let stand: Stand;
    let host: Debian;
    beforeEach(async () => {
      stand = await openStand();
      host = debian(suite);
      if (suite === "trixie") host.ok("test -x /usr/bin/sqv");
      host.write("etc/apt/sources.list.d/shop.sources", await stand.sources());
    }, 300_000);
    afterEach(async () => {
      host?.remove();
      await stand?.close();
    });
    /** What `apt-get update` says where it fails; empty where it is content. */
    const update = async () => {
      const { status, stderr } = await host.aside("apt-get -q update -o APT::Update::Error-Mode=any");
      return status === 0 ? "" : stderr;
    };
    const ok = async (line: string) => {
      const { status, stdout, stderr } = await host.aside(line);
      if (status !== 0) throw new Error(`${line}: ${status}\n${stdout}${stderr}`);
      return stdout;
    };

    test("a release goes live, another lies beside it, the pointer goes on and back, nothing is swept away", async () => {
      await stand.release(a);
      expect(await update()).toBe("");
      await ok(`${apt} install shop`);
      expect(host.ok(live)).toBe(`${a}\n`);
      await stand.release(b);
      expect(await update()).toBe("");
      await ok(`${apt} install ${own(b)}`);
      expect([host.ok(live), host.ok("ls /opt/shop/releases")]).toEqual([`${a}\n`, `${a}\n${b}\n`]);
      await ok(`${apt} install shop`);
      expect(host.ok(live)).toBe(`${b}\n`);
      await ok(`${apt} autoremove`);
      await ok(`${apt} install shop=${a}`);
      expect([host.ok(live), host.ok("ls /opt/shop/releases")]).toEqual([`${a}\n`, `${a}\n${b}\n`]);
      expect(host.ok("dpkg --audit; dpkg -V")).toBe("");
      // What the app wrote beside its files goes with them; the live one stays.
      host.ok(`touch /opt/shop/releases/${b}/made`);
      await ok(`${apt} purge ${own(b)}`);
      expect(host.ok("ls /opt/shop/releases")).toBe(`${a}\n`);
      expect(host.run(`dpkg --force-depends --remove ${own(a)}`).stderr).toContain(`${a} is live`);
      await ok(`${apt} purge shop ${own(a)}`);
      expect(host.ok("ls -A /opt/shop")).toBe("shared\n");
    }, 300_000);

    test("asks for two files, and finds an index whose object by hash was lost by its name", async () => {
      await stand.release(a);
      expect(await update()).toBe("");
      expect(stand.asked.map((path) => path.replace(/[0-9a-f]{64}/, "…"))).toEqual([
        "/dists/stable/InRelease",
        expect.stringMatching(/^\/dists\/stable\/main\/binary-\w+\/by-hash\/SHA256\/…$/),
      ]);
      await stand.release(b);
      const folder = join(stand.objects, "dists/stable/main/binary-amd64/by-hash/SHA256");
      for (const name of readdirSync(folder)) rmSync(join(folder, name));
      expect(await update()).toBe("");
      expect(host.ok("apt-cache policy shop")).toContain(`Candidate: ${b}`);
    }, 300_000);

    test("refuses another environment's key, a changed index, and an index of the future or past its end", async () => {
      await stand.release(a, { now: () => new Date(Date.now() + 3_600_000) });
      expect(await update()).toMatch(/not valid yet|Not live until/);
      const other = await openStand(pemSigner(mintSigner()));
      try {
        await other.release(a);
        const source = (await stand.sources()).replaceAll(stand.url, other.url);
        host.write("etc/apt/sources.list.d/shop.sources", source);
        expect(await update()).toMatch(/NO_PUBKEY|Missing key/);
        host.write("etc/apt/sources.list.d/shop.sources", await other.sources());
        expect(await update()).toBe("");
        const file = join(other.objects, "dists/stable/InRelease");
        writeFileSync(file, readFileSync(file, "utf8").replace("Origin: shop", "Origin: shot"));
        expect(await update()).toMatch(/BADSIG|bad signature|Bad signature|Message has been manipulated/i);
      } finally {
        await other.close();
      }
      const late = await openStand();
      try {
        await late.release(a, { validFor: 60_000, now: () => new Date(Date.now() - 3_600_000) });
        host.write("etc/apt/sources.list.d/shop.sources", await late.sources());
        expect(await update()).toMatch(/is expired/);
      } finally {
        await late.close();
      }
    }, 300_000);

    test("keeps what it knows where an older index is played again, and follows a publisher whose clock is behind", async () => {
      await stand.release(a);
      const file = join(stand.objects, "dists/stable/InRelease");
      copyFileSync(file, join(stand.folder, "old"));
      await stand.release(b, { now: () => new Date(Date.now() - 86_400_000) });
      expect(await update()).toBe("");
      expect(host.ok("apt-cache policy shop")).toContain(`Candidate: ${b}`);
      copyFileSync(join(stand.folder, "old"), file);
      await update();
      expect(host.ok("apt-cache policy shop")).toContain(`Candidate: ${b}`);
    }, 300_000);

    test("waits for a lock that is held, keeps what an administrator changed, and asks nobody", async () => {
      const config = (text: string) => ({ configFiles: { "shop/shop.conf": text } });
      await stand.release(a, {}, config("workers: 1\n"));
      expect(await update()).toBe("");
      await ok(`${apt} install shop`);
      host.write("etc/shop/shop.conf", "workers: 64\n");
      await stand.release(c, {}, config("workers: 2\n"));
      expect(await update()).toBe("");
      const options = "-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold";
      const held = `perl -MFcntl -e 'open F, ">", "/var/lib/dpkg/lock-frontend"; $l = pack("s s x4 q q i x4", F_WRLCK, 0, 0, 0, 0); fcntl F, F_SETLK, $l or die; system "${apt} ${options} install shop >/tmp/out 2>&1"; print $? >> 8'`;
      expect([host.ok(held), host.ok("cat /tmp/out")]).toEqual([
        "100",
        expect.stringContaining("lock-frontend"),
      ]);
      expect(host.ok(live)).toBe(`${a}\n`);
      await ok(`${apt} ${options} -o DPkg::Lock::Timeout=300 install shop`);
      expect([host.ok(live), host.ok("cat /etc/shop/shop.conf /etc/shop/shop.conf.dpkg-dist")]).toEqual([
        `${c}\n`,
        "workers: 64\nworkers: 2\n",
      ]);
    }, 300_000);
  });
});
