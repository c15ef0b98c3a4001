import { spawnSync } from "node:child_process";

/** A new pair of age, as `age-keygen` makes it: who can read, and who may. */
export function ageKeys(): { readonly identity: string; readonly recipient: string } {
  const { stdout, stderr } = spawnSync("age-keygen", { encoding: "utf8" });
  const [identity = ""] = stdout?.match(/^AGE-SECRET-KEY-\S+$/m) ?? [];
  const [recipient = ""] = `${stdout}${stderr}`.match(/age1\w+/) ?? [];
  return { identity, recipient };
}
