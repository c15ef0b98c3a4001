import { inputsOf, type SectionName } from "@deploy/core";

/** An input as action.yml declares it. */
export interface DeclaredInput {
  readonly description: string;
  readonly default?: string;
}

/** Inputs by name; one without a default is its description. */
export type InputTable = Readonly<Record<string, string | DeclaredInput>>;

/** What an action may be given: from it both action.yml and the refusal of other inputs are made. */
export interface Declared {
  readonly table: Readonly<Record<string, DeclaredInput>>;
  readonly names: readonly string[];
  /** The parts of the config that it reads. */
  readonly sections: readonly SectionName[];
}

interface Declaration {
  readonly own?: InputTable;
  readonly groups?: readonly InputTable[];
  readonly sections: readonly SectionName[];
  /** What action.yml says of a shared input where the usual words do not fit. */
  readonly reworded?: Readonly<Record<string, string>>;
}

/** Where settings come from. */
const origin: InputTable = {
  environment: "Environment of the config file. Needed where it has several.",
  config: "Config file; `.github/deploy.yml` unless told. Inputs win over it, and without one they suffice.",
};

/** The two switches of every action. */
const switches: InputTable = {
  "dry-run": {
    description: "`true`: read everything, change nothing, and say what would be done.",
    default: "false",
  },
  summary: { description: "`false`: write no job summary.", default: "true" },
};

/** What logs in, in every action that reaches a host; which hosts, the config's sections say. */
export const connection: InputTable = {
  "ssh-private-key": "Private key that logs in, whole, as `ssh-keygen` wrote it. A secret.",
  "ssh-passphrase": "Passphrase of the key. A secret.",
  "ftp-password": "Password for hosts that are reached by FTP. A secret.",
  "known-hosts":
    "Host keys of the servers, as `ssh-keyscan` prints them, after comparing fingerprints. Nothing is trusted without.",
  "jump-host": "Server to connect through: `user@name:port`.",
};

/** Of the actions that run a playbook, or have it tried. */
export const vault: InputTable = {
  "vault-password": "Password of Ansible's vault, where the config has `playbook.vault-secret`. A secret.",
};

/** Of the actions that take the fleet lock. */
export const lock: InputTable = {
  "lock-wait": {
    description:
      "How long to wait while another run holds the fleet lock: `30s`, `20m`; `0s` fails at once. Who holds it is shown. An abandoned lock ends by itself after 15 minutes.",
    default: "20m",
  },
  "github-token":
    "Asks GitHub whether the run that holds the lock is over; its lock is then taken over. Needs `actions: read`. Without it an abandoned lock is waited for until its lease ends.",
};

/** Whether a run is recorded on GitHub's own page. */
export const recorded: InputTable = {
  "github-deployment": {
    description:
      "`true`: record the run as a deployment of GitHub, with our result and the commit that is live. Needs `github-token` with `deployments: write`, and `environment: { name: …, deployment: false }` of the job, which records one of its own otherwise.",
    default: "false",
  },
};

/** What an action's default says of an input that is handed over: empty then means that it got lost on its way. */
export const notHandedOver = "none";

/** An output of an earlier step or job. Given and empty it is refused, not taken for left out. */
export function handOver(description: string): DeclaredInput {
  return { description, default: notHandedOver };
}

/** A person's word on a migration: of the actions that run one. */
export const migrationWord: InputTable = {
  retry: {
    description: "`true`: run a migration of this release again that failed in an earlier run.",
    default: "false",
  },
  resolve:
    "Your word on a migration whose end nobody knows (the host restarted): `retry` runs it again, `done` takes it for done.",
};

/** Of the actions that back a database up. */
export const backingUp: InputTable = {
  "allow-identity-change": {
    description:
      "`true`: the database is meant to be another one than that of the last backup (moved, renamed). Say it for one run.",
    default: "false",
  },
  "signing-key":
    "Private key in PEM, as `deploy keygen` printed it, that signs the backup: its public half is in `signed-by`. A secret.",
};

/** Of the actions that begin a deploy. */
export const force: InputTable = {
  force: {
    description: "`true`: deploy what is live already once more, as a new release.",
    default: "false",
  },
};

/** Of the actions that plan. */
export const takeOver: InputTable = {
  "take-over":
    "Whose `deploy-to` is taken over, as `app/environment`: another's that is gone or has got another name. Without it another's folder is refused.",
};

/** Of the actions that upload workflow artifacts. */
export const retention: InputTable = {
  "retention-days": {
    description: "Days for which GitHub keeps what is uploaded; a repository may keep less.",
    default: "30",
  },
};

/** Keys of the store that an action uses. */
export const storeKeys: InputTable = {
  "aws-access-key-id": "Access key of the store, where no role is assumed. A secret.",
  "aws-secret-access-key": "Its secret. A secret.",
  "aws-session-token": "Session token that belongs to the key. A secret.",
};

/** Of the actions that bring a release to hosts. */
export const gitAccess: InputTable = {
  "git-key":
    "Private key that may read `upload: repository:` over ssh, where hosts have none of their own; without a passphrase. Each host holds it in memory while it fetches. A secret.",
  "git-token":
    "Token that may read `upload: repository:` over https. Each host holds it in memory while it fetches. A secret.",
};

export function declareInputs({ own, groups = [], sections, reworded = {} }: Declaration): Declared {
  const usual: InputTable = Object.assign({}, own, origin, ...groups, inputsOf(sections), switches);
  const table = Object.fromEntries(
    Object.entries(usual).map(([name, given]) => [name, declaredInput(given, reworded[name])]),
  );
  return { table, names: Object.keys(table), sections };
}

function declaredInput(given: InputTable[string], words: string | undefined): DeclaredInput {
  const { description, default: fallback }: DeclaredInput =
    typeof given === "string" ? { description: given } : given;
  return { description: words ?? description, ...(fallback === undefined ? {} : { default: fallback }) };
}
