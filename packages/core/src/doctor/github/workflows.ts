import type { Remark } from "../remark.ts";
import type { Call } from "./calls.ts";

const about = "workflows";

/** What GitHub refuses to start, or ends in the middle, of the jobs that call ours for this environment. */
export function workflowRemarks(
  calls: readonly Call[],
  { environment, known }: { readonly environment: string; readonly known: readonly string[] },
): readonly Remark[] {
  const strange = calls.flatMap(({ place, environment: named }): readonly Remark[] => {
    if (named === undefined || known.includes(named) || many(known, named)) return [];
    const text = `${place} deploys to ${named}, which the config does not have`;
    return [{ level: "stop", about, text, fix: `name one of ${known.join(", ")}` }];
  });
  const own = calls.filter(({ environment: named }) => named === undefined || named === environment);
  if (own.length === 0) {
    const text = `no workflow of this checkout calls ours for ${environment}`;
    return [...strange, { level: "unknown", about, text }];
  }
  const bad = own.flatMap((call) => [...permissions(call), ...concurrency(call, environment)]);
  const all = own.map(({ place }) => place).join(", ");
  const good: Remark = { level: "ok", about, text: `${all}: GitHub starts them, and lets them end` };
  return [...strange, ...(bad.length > 0 ? bad : [good])];
}

/** A key with a star stands for many. */
const many = (known: readonly string[], name: string): boolean =>
  known.some((key) => key.endsWith("*") && name.startsWith(key.slice(0, -1)));

/** What a called workflow asks for and its caller does not have is an error before the first job. */
function permissions({ place, called, permissions: given }: Call): readonly Remark[] {
  const asked: Readonly<Record<string, string>> = {
    ...{ contents: "read", actions: "read" },
    ...(called === "deploy-oidc.yml" ? { "id-token": "write" } : {}),
  };
  const lines = Object.entries(asked).map(([name, level]) => `${name}: ${level}`);
  const fix = `permissions: { ${lines.join(", ")} }`;
  if (given === undefined) {
    const text = `${place} says no permissions: whether GitHub starts it is up to the repository's settings`;
    return [{ level: "unknown", about, text, fix }];
  }
  const has = (name: string, level: string): boolean => {
    if (typeof given !== "object" || given === null)
      return given === "write-all" || (given === "read-all" && level === "read");
    const own = (given as Readonly<Record<string, unknown>>)[name];
    return own === "write" || own === level;
  };
  const lacks = Object.entries(asked).filter(([name, level]) => !has(name, level));
  if (lacks.length === 0) return [];
  const text = `${place} may not ${lacks.map(([name, level]) => `${name}: ${level}`).join(", ")}, which ${called} asks for: GitHub starts no job of it`;
  return [{ level: "stop", about, text, fix }];
}

function concurrency({ place, concurrency: groups }: Call, environment: string): readonly Remark[] {
  return groups.flatMap(({ group, cancels }): readonly Remark[] => {
    // The called job's own (.github/workflows/deploy.yml): whoever holds it outside waits for itself.
    if (group === `org-deploy:${environment}`) {
      const text = `${place} is in the concurrency group ${group}, as the job that it calls: each waits for the other`;
      return [
        {
          level: "stop",
          about,
          text,
          fix: "give it another group, or none: deploys wait for each other anyway",
        },
      ];
    }
    if (!cancels) return [];
    const text = `${place} says cancel-in-progress: the next push ends a deploy in its middle`;
    return [{ level: "warn", about, text, fix: "cancel-in-progress: false" }];
  });
}
