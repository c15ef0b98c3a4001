import * as z from "zod";
import type { PastLine } from "../records/pastText.ts";
import { changesIn } from "../status/changes.ts";
import { figuresOf } from "../status/figures.ts";
import { currentWords, hostsOf } from "../status/parts.ts";
import { answerOf } from "./answer.ts";
import type { Results } from "./parts/results.ts";
import type { StatusView } from "./view.ts";

const line = z.object({
  time: z.iso.datetime().describe("When it was over."),
  what: z.string().describe("`deployed`, `reverted`, `rolled back`, or what else came of the run."),
  release: z.string(),
  by: z.string().describe("Who ran it; empty where nobody says."),
  run: z.string().describe("The run's id: `org/shop/4711`."),
});

const environment = z.object({
  app: z.string(),
  environment: z.string(),
  state: z.enum(["well", "look", "unknown"]).describe("`well` as of `read`, and not later."),
  words: z.string().describe("The whole of it, in one sentence."),
  notes: z.array(z.string()).describe("What a person should look at, a sentence each."),
  read: z.iso.datetime().describe("When the servers were read."),
  url: z.string().optional().describe("Where people see the app."),
  page: z.string().describe("Its page, relative to this file."),
  hosts: z.array(
    z.object({
      host: z.string(),
      reached: z.boolean(),
      serves: z.string().describe("A release's id, or what else; empty where it could not be read."),
    }),
  ),
  figures: z
    .object({
      days: z.number(),
      deploys: z.number(),
      failed: z.number().describe("Of these: went back."),
      restore: z.number().optional().describe("Median from going live to having gone back, milliseconds."),
      lead: z.number().optional().describe("Median from commit to live, milliseconds."),
    })
    .describe("DORA's four keys."),
  last: z.array(line).describe("The last ten results, newest first."),
});

/** `status.json`: what is published of all environments that publish to one place. */
export const statusDocument = z.object({
  schema: z.literal(1),
  revision: z.int().nonnegative().describe("Counts every change of this file."),
  updated: z.iso.datetime().describe("When the newest was read of what stands here."),
  environments: z.array(environment).describe("By app and environment."),
});

export type StatusDocument = z.output<typeof statusDocument>;
export type EnvironmentStatus = z.output<typeof environment>;

/** The JSON Schema of `status.json`. */
export function statusJsonSchema(): object {
  return z.toJSONSchema(statusDocument, {
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
}

/** Results in the document, and in the feed, of each environment. */
const lines = 10;

/** Where an environment's own files are, relative to the index. */
export const pageOf = ({ app, environment }: Pick<EnvironmentStatus, "app" | "environment">): string =>
  `${app}/${environment}.html`;
export const badgeOf = ({ app, environment }: Pick<EnvironmentStatus, "app" | "environment">): string =>
  `${app}/badge-${environment}.svg`;

/** What the document says of one environment. */
export function environmentStatus(view: StatusView, results?: Results): EnvironmentStatus {
  const { config, facts, now } = view;
  const { app, environment, url } = config;
  const { state, words, notes } = answerOf(view);
  const { restore, lead, ...figures } = results?.figures ?? figuresOf(changesIn(facts), now);
  return {
    ...{ app, environment, state, words, notes: [...notes], read: now.toISOString() },
    ...(url === undefined ? {} : { url }),
    page: pageOf({ app, environment }),
    hosts: hostsOf(facts, config).map((host) => ({
      host: host.host,
      reached: host.reached,
      serves: host.reached ? currentWords(host.current) : "",
    })),
    figures: {
      ...figures,
      ...(restore === undefined ? {} : { restore }),
      ...(lead === undefined ? {} : { lead }),
    },
    last: (results?.lines ?? []).slice(0, lines).map(lastOf),
  };
}

const lastOf = ({ time, what, release, who, run }: PastLine) => ({
  time: new Date(time * 1000).toISOString(),
  ...{ what, release, by: who, run },
});

/** Undefined: it is none. It comes from a store, and is data. */
export function readDocument(text: string): StatusDocument | undefined {
  try {
    return statusDocument.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** With this environment in it; where it knows a later reading of it already, as it is. */
export function withEnvironment(
  before: StatusDocument | undefined,
  status: EnvironmentStatus,
): StatusDocument {
  const name = (one: EnvironmentStatus): string => `${one.app}/${one.environment}`;
  const all = before?.environments ?? [];
  const known = all.find((one) => name(one) === name(status));
  if (before !== undefined && known !== undefined && known.read >= status.read) return before;
  const environments = [...all.filter((one) => one !== known), status];
  environments.sort((one, other) => (name(one) < name(other) ? -1 : 1));
  const updated =
    environments
      .map(({ read }) => read)
      .sort()
      .at(-1) ?? status.read;
  return { schema: 1, revision: (before?.revision ?? 0) + 1, updated, environments };
}
