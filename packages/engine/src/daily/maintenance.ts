import type { Problem } from "@deploy/core";
import { maintenance } from "@deploy/remote";
import { askSurely } from "../hosts/ask.ts";
import type { Fleet } from "../hosts/fleet.ts";

/** Puts the page up on every host at once, or with `undefined` takes it down: why it could not, of those where it could not. */
export async function setMaintenance(
  fleet: Fleet,
  base: string,
  page: string | undefined,
): Promise<readonly { readonly host: string; readonly problem: Problem }[]> {
  const bytes = new TextEncoder().encode(page ?? "");
  const answers = await Promise.all(
    [...fleet.links.values()].map(async (link) => ({
      host: link.host.name,
      answer: await askSurely(link, maintenance(base, page === undefined ? "off" : "on"), () => ({
        input: once(bytes),
      })),
    })),
  );
  return answers.flatMap(({ host, answer }) =>
    answer.status === "ok" ? [] : [{ host, problem: answer.problem }],
  );
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
