import { parse } from "yaml";

type Tree = Readonly<Record<string, unknown>>;

/** A job of a workflow that calls one of ours. */
export interface Call {
  /** `deploy.yml / production`: its file and its name. */
  readonly place: string;
  /** Ours: `deploy.yml`, `deploy-oidc.yml`, `rollback.yml`. */
  readonly called: string;
  /** The job's, else the workflow's; undefined: the repository's default. */
  readonly permissions: unknown;
  /** Of the workflow and of the job. */
  readonly concurrency: readonly { readonly group: string; readonly cancels: boolean }[];
  /** As it is written; undefined: an expression, or not given. */
  readonly environment: string | undefined;
  /** Names of the secrets that are handed over. */
  readonly secrets: readonly string[];
  /** Branches whose pushes start it. */
  readonly branches: readonly string[];
}

const ours = /^[\w.-]+\/[\w.-]+\/\.github\/workflows\/((?:deploy|deploy-oidc|rollback)\.yml)@/;

/** What is called without a list of secrets gets all that there are. */
const inherited = ["SSH_PRIVATE_KEY", "SSH_KNOWN_HOSTS"];

/** The jobs of a checkout's workflows that call ours; a file that is no YAML has none. */
export function callsIn(files: Readonly<Record<string, string>>): readonly Call[] {
  return Object.entries(files).flatMap(([file, text]) => {
    const workflow = treeOf(text);
    const triggers = treeIn(workflow.on);
    const branches = listIn(treeIn(triggers.push).branches);
    return Object.entries(treeIn(workflow.jobs)).flatMap(([name, value]): readonly Call[] => {
      const job = treeIn(value);
      const [, called] = ours.exec(String(job.uses ?? "")) ?? [];
      if (called === undefined) return [];
      const { environment } = treeIn(job.with);
      const literal = typeof environment === "string" && !environment.includes("${{");
      return [
        {
          ...{ place: `${file} / ${name}`, called, branches },
          permissions: job.permissions ?? workflow.permissions,
          concurrency: [workflow.concurrency, job.concurrency].flatMap(groupOf),
          environment: literal ? environment : undefined,
          secrets: job.secrets === "inherit" ? inherited : secretsIn(treeIn(job.secrets)),
        },
      ];
    });
  });
}

function groupOf(value: unknown): Call["concurrency"] {
  if (typeof value === "string") return [{ group: value, cancels: false }];
  const { group, "cancel-in-progress": cancels = false } = treeIn(value);
  return typeof group === "string" ? [{ group, cancels: cancels !== false }] : [];
}

const secretsIn = (secrets: Tree): readonly string[] =>
  Object.values(secrets).flatMap((value) => /^\$\{\{ *secrets\.(\w+) *\}\}$/.exec(String(value))?.[1] ?? []);

function treeOf(text: string): Tree {
  try {
    return treeIn(parse(text));
  } catch {
    return {};
  }
}

const treeIn = (value: unknown): Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Tree) : {};

const listIn = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);
