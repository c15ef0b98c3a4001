import type { ServerFile } from "../config/configure/file.ts";
import type { Config } from "../config/types.ts";
import { makeProblem, type Problem } from "../errors.ts";
import type { ConfiguredFact, Facts, ReachedHost } from "../facts.ts";
import { filesOf } from "../steps/configureFiles.ts";
import type { FleetFacts } from "./fleet.ts";
import type { PassingWarning } from "./types.ts";
import { count } from "./words.ts";

interface Drifted {
  readonly host: string;
  readonly file: ServerFile;
  readonly fact: ConfiguredFact;
}

/** Files that a run of ours left otherwise than they stand now. */
function driftedOf(config: Config, { host, configured = [] }: ReachedHost): readonly Drifted[] {
  return filesOf(config).flatMap((file) =>
    configured.filter(({ to }) => to === file.to).map((fact) => ({ host, file, fact })),
  );
}

/** `web1: /etc/nginx/conf.d/shop.conf is not as the release has it: 2 lines differ`, and some of them. */
function driftWords({ host, file: { from, to }, fact: { state, lines, shown } }: Drifted): string {
  const some = shown.length === 0 ? "" : `: ${shown.join(" | ")}`;
  const how =
    state === "gone"
      ? "is not there"
      : state === "unread"
        ? "cannot be read by the login"
        : `is not as ${from} of the live release (${count(lines, "line")})${some}`;
  return `${host}: ${to} ${how}`;
}

/** Deploy writes these files: what somebody else wrote there is not lost without a word. */
export function checkDrift({ config, reached }: FleetFacts): readonly Problem[] {
  if (config.configure?.drift === "overwrite") return [];
  return reached
    .flatMap((host) => driftedOf(config, host))
    .filter(({ file, fact }) => file.level !== "check" && fact.state === "differs")
    .map((drifted) =>
      makeProblem("config-drift", `${drifted.file.to} was changed by hand: ${driftWords(drifted)}`, {
        place: { host: drifted.host },
      }),
    );
}

/** What stands there otherwise, and stops nothing. */
export function warnConfigured({ config, reached }: FleetFacts): readonly (string | PassingWarning)[] {
  const stops = config.configure?.drift === "stop";
  return reached
    .flatMap((host) => driftedOf(config, host))
    .filter(({ file, fact }) => file.level === "check" || fact.state !== "differs" || !stops)
    .map((drifted): string | PassingWarning => {
      const text = driftWords(drifted);
      return drifted.file.level === "check"
        ? text
        : { text: `${text}; it would be overwritten`, until: "deployed" };
    });
}

/** The same for whoever only looks. */
export function driftedIn(facts: readonly Facts[], config: Config): readonly string[] {
  return facts.flatMap((host) => (host.reached ? driftedOf(config, host).map(driftWords) : []));
}
