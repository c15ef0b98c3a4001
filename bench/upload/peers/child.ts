import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Job } from "../self.ts";
import type { Sample } from "../types.ts";

const self = join(import.meta.dirname, "../self.ts");

/** Runs one job in a Node process of its own, which measures itself from the first connection to the last answer. */
export async function inChild(job: Job): Promise<Sample> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", self], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let answer = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    answer += text;
  });
  child.stdin.end(JSON.stringify(job));
  const code = await new Promise((done, fail) => child.once("error", fail).once("close", done));
  if (code !== 0) throw new Error(`${job.kind}: ${answer}`);
  return JSON.parse(answer) as Sample;
}
