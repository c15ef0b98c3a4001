import * as z from "zod";
import type { Journal, ServiceCommands, ServiceKind } from "../../services/service.ts";
import { type ServiceName, services } from "../../services/services.ts";
import { anyRoles, timeLimit } from "../values/command.ts";
import { duration } from "../values/duration.ts";
import { command } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";

export const serviceNames = Object.keys(services) as [ServiceName, ...ServiceName[]];
export const servicePhrase = `${serviceNames.slice(0, -1).join(", ")} or ${serviceNames.at(-1)}`;

/** A server that is told of a new release, and how. Times in milliseconds. */
export interface Service {
  readonly kind: ServiceName;
  readonly roles: readonly string[];
  readonly commands: ServiceCommands;
  /** How long `settled` may take. */
  readonly within: number;
  readonly timeout?: number;
}

const shared = {
  test: z
    .union([z.literal(false), command()], { error: "a command, or false" })
    .optional()
    .describe(
      "In the new release's folder, before anybody switches: where it fails, nothing changes. Without: the kind's own; `false`: none.",
    ),
  within: duration().prefault("30s").describe("How long it may take until only the new release is served."),
  timeout: timeLimit(),
  roles: anyRoles(),
};

const kinds = serviceNames.map((kind) => {
  const { keys, words, commands }: ServiceKind = services[kind];
  return mapping({
    kind: z.literal(kind, { error: servicePhrase }).describe(`${words[0]?.toUpperCase()}${words.slice(1)}.`),
    ...keys,
    ...shared,
  })
    .transform((given): Service => {
      const { test, within, timeout, roles } = given as unknown as z.output<typeof asked>;
      const own = commands(given);
      const { test: usual, journal = journalOf(given), ...rest } = own;
      const tested = test === undefined ? usual : test === false ? undefined : test;
      return {
        ...{
          kind,
          roles,
          within,
          commands: {
            ...rest,
            ...(journal && { journal }),
            ...(tested === undefined ? {} : { test: tested }),
          },
        },
        ...(timeout === undefined ? {} : { timeout }),
      };
    })
    .meta({ title: `service: ${kind}` });
});
const asked = mapping(shared);

/** Whatever has a unit of the machine's speaks into its journal. */
function journalOf(given: object): Journal | undefined {
  return "unit" in given && typeof given.unit === "string" ? { unit: given.unit, user: false } : undefined;
}

const one = z.discriminatedUnion("kind", kinds as unknown as [(typeof kinds)[0], ...typeof kinds], {
  error: (issue) => (issue.code === "invalid_union" ? servicePhrase : "a mapping with kind"),
});

/** One, or several in the order in which they are told. */
export const serviceList = () =>
  z.union([z.array(one), one.transform((given) => [given])], {
    error: "a mapping with kind, or a list of them",
  });
