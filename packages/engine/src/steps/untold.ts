import { type Evidence, type ReloadCommand, signFiles, tellsOf } from "@deploy/core";
import type { Context } from "../context.ts";
import type { Answer } from "../hosts/ask.ts";
import { note } from "../hosts/fan.ts";
import type { Link } from "../hosts/fleet.ts";
import { lookAt, withEvidence } from "./diagnose.ts";

/** Whether old code can answer no more: nothing of ours was live before, or whatever served that has ended. */
export function isNew({ plan }: Context, { host }: Link, reloads: readonly ReloadCommand[]): boolean {
  if (plan.hosts.some((planned) => planned.host === host.name && planned.from === null)) return true;
  return (
    reloads.length > 0 && reloads.every(({ settled, run }) => settled !== undefined || restarts.test(run))
  );
}

/** A server that renews its workers may still come to it. */
export function noteUntold(context: Context, link: Link, url: string): void {
  const text = `${url} answers well and tells no release yet: the code of before does so, or yours does not tell it`;
  note(context, link, text);
}

/** `systemctl restart shop`, and no `reload-or-restart` or `phased-restart`: it has ended when the command has. */
const restarts = /(?:^|\s)restart(?:\s|$)/;

/** Where an application told no release, with what belongs into one of its kind, by the files of the release. */
export async function withSnippet<T>(context: Context, link: Link, answer: Answer<T>): Promise<Answer<T>> {
  if (answer.status !== "failed" || answer.problem.code !== "release-untold") return answer;
  return { ...answer, problem: withEvidence(answer.problem, [await snippetFor(context, link)]) };
}

async function snippetFor(context: Context, link: Link): Promise<Evidence> {
  const run = `for file in ${signFiles.join(" ")}; do [ ! -e "$file" ] || echo "$file"; done`;
  const result = await lookAt(context, link, { run });
  const found = typeof result === "string" ? undefined : tellsOf(result.stdout.split("\n"));
  return found === undefined
    ? { title: "what belongs into the application", text: anyApplication }
    : { title: `what belongs into the application, in ${found.file}`, text: found.code };
}

const anyApplication = `once, at start: read the file RELEASE of the folder that it was started from
in the answer:  the header X-Release with what it holds, without the line feed`;
