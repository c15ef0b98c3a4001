import { markReady } from "@deploy/remote";
import { ask } from "./ask.ts";
import { runOnHosts } from "./command.ts";
import type { Context } from "./context.ts";
import { hasCommands } from "./deliver/job.ts";
import { linkOf } from "./fleet.ts";
import { stepsOf } from "./planned.ts";
import { upload } from "./upload.ts";

/** Everything invisible: the release is whole and its requirements installed on every host, or nobody goes on. */
export async function prepareRelease(context: Context): Promise<boolean> {
  if (context.plan.kind === "rollback") return true;
  if (!(await upload(context))) return false;
  for (const step of stepsOf(context.plan, "prepare")) {
    if (context.stopped()) return false;
    if (!(await runOnHosts(context, "prepare", step, "release"))) return false;
  }
  return markAllReady(context);
}

async function markAllReady(context: Context): Promise<boolean> {
  const hosts = context.plan.hosts.map(({ host }) => host).filter((host) => hasCommands(context, host));
  const answers = await Promise.all(
    hosts.map((host) =>
      ask(linkOf(context.fleet, host), markReady({ fence: context.fence(), release: context.plan.release })),
    ),
  );
  answers.forEach((answer, index) => {
    const host = hosts[index];
    if (answer.status === "ok" || host === undefined) return;
    void context.ledger.book(
      host,
      "prepare",
      async () => answer,
      () => "",
    );
  });
  return answers.every(({ status }) => status === "ok");
}
