import { execFile, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Trees that debootstrap made, kept between runs: half a minute each. */
const kept = join(tmpdir(), "deploy-debian");

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" };

/** A machine with real dpkg and apt: a chroot over a tree that nobody writes to. */
export interface Debian {
  /** A line of sh in it, stdin closed. */
  run(line: string): Ran;
  /** The same, while this process goes on: what it serves, the line may ask for. */
  aside(line: string): Promise<Ran>;
  /** The same, which must succeed; gives stdout. */
  ok(line: string): string;
  write(path: string, text: string | Uint8Array): void;
  remove(): void;
}

/** `bookworm` verifies with gpgv, `trixie` with sqv. */
export function debian(suite: "bookworm" | "trixie"): Debian {
  const tree = join(kept, suite);
  if (!existsSync(tree)) bootstrap(suite, tree);
  const root = mkdtempSync(join(tmpdir(), "debian-"));
  for (const folder of ["upper", "work", "at"]) mkdirSync(join(root, folder));
  const write = (path: string, text: string | Uint8Array) => {
    const file = join(root, "upper", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  // Each line has a mount namespace of its own: nothing of it outlives the line.
  const enter = `mount -t overlay overlay -o lowerdir=${tree},upperdir=${root}/upper,workdir=${root}/work ${root}/at
    mount --bind /proc ${root}/at/proc && mount --bind /dev ${root}/at/dev && exec chroot ${root}/at sh -c "$1"`;
  const args = (line: string) => ["-m", "sh", "-ec", enter, "sh", line];
  const run = (line: string) =>
    spawnSync("unshare", args(line), { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], env });
  const aside = (line: string) =>
    new Promise<Ran>((done) => {
      const child = execFile("unshare", args(line), { encoding: "utf8", env }, (_, stdout, stderr) =>
        done({ status: child.exitCode, stdout, stderr }),
      );
      child.stdin?.end();
    });
  // Strict: dates of indexes count, whatever the tree was told.
  write("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n");
  chmodSync(join(root, "upper/usr/sbin/policy-rc.d"), 0o755);
  // The tree's own list would be asked over the network.
  write("etc/apt/sources.list", "");
  write(
    "etc/apt/apt.conf.d/99strict",
    'Acquire::Check-Date "true";\nAcquire::Check-Valid-Until "true";\nAcquire::Retries "0";\n',
  );
  return {
    run,
    aside,
    ok: (line) => {
      const { status, stdout, stderr } = run(line);
      if (status !== 0) throw new Error(`${line}: ${status}\n${stdout}${stderr}`);
      return stdout;
    },
    write,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function bootstrap(suite: string, tree: string): void {
  mkdirSync(kept, { recursive: true });
  const made = mkdtempSync(join(kept, `${suite}-`));
  const args = ["--variant=minbase", suite, made, "http://deb.debian.org/debian"];
  const { status, stdout } = spawnSync("debootstrap", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`debootstrap ${suite}: ${status}\n${stdout.slice(-2000)}`);
  renameSync(made, tree);
}
