import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { marker } from "../processes.ts";
import { must, run } from "../run.ts";
import { until } from "../until.ts";
import { type Ground, type GroundOptions, hostEnv, passwdWith } from "./ground.ts";

/**
 * A host with Debian's own systemd as its first process, on an overlay over this machine's files that goes with it: units,
 * `systemctl reload` and user managers are real. Needs root and a cgroup2 mount. After `field/zero-downtime.md`, section 6.
 */
export async function openSystemd({ directory, mark }: GroundOptions, network: string): Promise<Ground> {
  const [home, srv, root] = ["home", "srv", "root"].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [home, srv, root]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(directory, "passwd"), passwdWith(readFileSync("/etc/passwd", "utf8"), home, "/bin/sh"));
  const cgroup = join(
    (await must(["findmnt", "-nt", "cgroup2", "-o", "TARGET"])).split("\n")[0] ?? "",
    network,
  );
  mkdirSync(cgroup);
  const first = spawn(
    "setpriv",
    [
      ...["--pdeathsig", "KILL", "sh", "-c", 'echo $$ >"$0/cgroup.procs"; exec "$@"', cgroup],
      ...["ip", "netns", "exec", network, "unshare", "-m", "-p", "-u", "-i", "-C", "--fork", "--kill-child"],
      ...["bash", "-ec", boot, directory, root, srv, dirname(realpathSync(process.execPath))],
    ],
    { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, [marker]: mark } },
  );
  const ended = new Promise<void>((done) => first.once("close", () => done()));
  const pid = await firstProcess(first.pid as number);
  const enter = (argv: readonly string[]) => [
    ...["nsenter", "-t", pid, "-m", "-p", "-n", "-u", "-i", "-C", "-r", "-w", ...argv],
  ];
  const env = { ...hostEnv(home, "root"), [marker]: mark };
  await until("systemd", async () =>
    (await run(enter(["systemctl", "is-active", "lab.target"]), env)).stdout.startsWith("active"),
  );
  return {
    ...{ enter, env, home, srv: "/srv", root: srv },
    async close() {
      first.kill("SIGKILL");
      await ended;
      await until(
        "an empty cgroup",
        async () => (await run(["rmdir", ...(await foldersBelow(cgroup))])).code === 0,
      );
    },
  };
}

/** The deepest first: a cgroup is removed when it has no process and no other cgroup. */
async function foldersBelow(cgroup: string): Promise<readonly string[]> {
  return (await must(["find", cgroup, "-depth", "-type", "d"])).trim().split("\n");
}

/** unshare's child, as this machine sees it. */
async function firstProcess(parent: number): Promise<string> {
  let found = "";
  await until("the first process", async () => {
    const { stdout } = await run(["cat", `/proc/${parent}/task/${parent}/children`]);
    found = stdout.trim().split(" ")[0] ?? "";
    return found !== "" && (await run(["cat", `/proc/${found}/comm`])).stdout === "systemd\n";
  });
  return found;
}

// $0 the fleet's folder of this host, $1 where its files are, $2 its /srv, $3 the folder of our Node, which may be below /tmp. /proc/sys is read-only: systemd-sysctl would change the
// whole machine. The upper layer is in memory, which a lower layer of / demands.
const boot = `O=$1.over M=$1; mount --make-rprivate /; ip link set lo up
mkdir -p "$O"; mount -t tmpfs tmpfs "$O"; mkdir "$O"/u "$O"/w
mount -t overlay overlay -o "lowerdir=/,upperdir=$O/u,workdir=$O/w" "$M"
mount -t proc proc "$M/proc"; mount --bind "$M/proc/sys" "$M/proc/sys"; mount -o remount,ro,bind "$M/proc/sys"
mount -t sysfs -o ro sysfs "$M/sys"; mount -t cgroup2 cgroup2 "$M/sys/fs/cgroup"
for d in run tmp dev; do mount -t tmpfs tmpfs "$M/$d"; done
for d in null zero full random urandom tty; do touch "$M/dev/$d"; mount --bind "/dev/$d" "$M/dev/$d"; done
mkdir "$M"/dev/pts "$M"/dev/shm; mount -t devpts -o newinstance,ptmxmode=0666 devpts "$M/dev/pts"
ln -s pts/ptmx "$M/dev/ptmx"; ln -s /proc/self/fd "$M/dev/fd"
mkdir -p "$M/run/sshd" "$M$0"; mount --bind "$0" "$M$0"; mount --bind "$2" "$M/srv"
mkdir -p "$M$3"; mount --bind "$3" "$M$3"
cp "$0/passwd" "$M/etc/passwd"
printf "[Unit]\\nDefaultDependencies=no\\nRequires=systemd-journald.service dbus.socket\\n" >"$M/etc/systemd/system/lab.target"
for u in sysctl modules-load udevd binfmt random-seed remount-fs; do ln -sf /dev/null "$M/etc/systemd/system/systemd-$u.service"; done
exec chroot "$M" env -i container=lab PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --unit=lab.target --log-target=null`;
