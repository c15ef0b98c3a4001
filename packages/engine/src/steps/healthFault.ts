import { type Evidence, type Health, isReleaseId } from "@deploy/core";
import type { HttpAnswer } from "@deploy/remote";

export interface Fault {
  readonly said: string;
  readonly hint?: string;
  /** It is a good answer, and does not say of which release. */
  readonly untold?: true;
}

/** Characters of a body that are shown. */
const most = 300;

/** What a wrong answer said beside its status. */
export function bodyOf({ body }: HttpAnswer): readonly Evidence[] {
  const title = body.length > most ? `the first ${most} characters of the answer` : "the answer";
  return body.trim() === "" ? [] : [{ title, text: body.slice(0, most) }];
}

/** Why an answer is not healthy; undefined when it is. */
export function faultOf(answer: HttpAnswer, health: Health, release: string): Fault | undefined {
  if (answer.status !== health.status) {
    const location = answer.headers.location;
    const to = location === undefined ? "" : ` to ${location}`;
    const said = `answered ${answer.status}${to}, expected ${health.status}`;
    return location === undefined ? { said } : { said, hint: sentAway };
  }
  if (!health.expectRelease) return undefined;
  if (isOf(answer, release)) return undefined;
  const named = answer.headers["x-release"] || undefined;
  const commit = commitIn(named ?? answer.body, release);
  if (commit !== undefined)
    return {
      untold: true,
      said: `answered ${answer.status} and named the commit ${commit}, expected release ${release}`,
      hint:
        "The application runs this commit, but a commit may be deployed more than once: let it answer with the release, " +
        "which the file RELEASE and $DEPLOY_RELEASE hold (REVISION holds the commit), or set `health.expect-release: false`.",
    };
  if (named !== undefined)
    return { said: `answered ${answer.status} from release ${named}, expected ${release}` };
  return {
    said: `answered ${answer.status}, but neither X-Release nor the body names release ${release}`,
    ...(answer.body.split(/[^0-9A-Za-z-]+/).some(isReleaseId) ? {} : { untold: true }),
  };
}

const sentAway =
  "Nobody is followed to another address: ask that one, or ask as the proxy in front does, " +
  'with `health.headers: ["X-Forwarded-Proto: https"]`.';

/** The release's own commit, where this text names it: an id ends with the first seven digits of one. */
function commitIn(text: string, release: string): string | undefined {
  const [, short = "-"] = release.split("-");
  return text.match(/\b[0-9a-f]{7,40}\b/g)?.find((word) => word.startsWith(short));
}

/** Whether it names this release. */
export function isOf({ headers, body }: HttpAnswer, release: string): boolean {
  const named = headers["x-release"];
  return named === release || (named === undefined && body.includes(release));
}
