import { execFile } from "node:child_process";
import { DeployError, rsyncFloor, rsyncTooOld, rsyncVersion } from "@deploy/core";

/** The version of this machine's rsync. Throws `rsync-unusable` where it is missing or below the floor. */
export async function localRsync(program = "rsync"): Promise<string> {
  const text = await new Promise<string>((resolve, reject) => {
    const env = { PATH: process.env.PATH ?? "", LC_ALL: "C" };
    execFile(program, ["--version"], { env, timeout: 10_000 }, (error, stdout) => {
      if (error === null) return resolve(stdout);
      const missing = error.code === "ENOENT" ? "is not installed" : `cannot be run: ${error.message}`;
      reject(unusable(`rsync ${missing} on the runner`));
    });
  });
  const version = rsyncVersion(text);
  if (version !== undefined && !rsyncTooOld(version)) return version;
  const first = text.split("\n")[0]?.slice(0, 100) ?? "";
  throw unusable(`rsync on the runner is too old, at least ${rsyncFloor.version} is needed: ${first}`);
}

function unusable(message: string): DeployError {
  const hint =
    "Install a newer rsync on the runner, or set `upload: { method: artifact }`, which needs none.";
  return new DeployError("rsync-unusable", message, { hint });
}
