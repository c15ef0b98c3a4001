import {
  type DatabaseInputs,
  databaseInputs,
  declareInputs,
  type InputReader,
  readDatabaseInputs,
} from "@deploy/action-kit";
import type { Secret } from "@deploy/core";

export interface Inputs extends DatabaseInputs {
  /** A backup's id, or `latest`. */
  readonly backup: string;
  /** New database, file or folder. */
  readonly into: string | undefined;
  /** The name of the database that is replaced. */
  readonly confirm: string | undefined;
  readonly ageKey: Secret | undefined;
  readonly disconnect: boolean;
  readonly plainOwners: boolean;
  /** `app/environment`. */
  readonly of: string | undefined;
  readonly unsigned: boolean;
  readonly keepGoing: boolean;
}

export const declared = declareInputs({
  own: {
    backup: { description: "Id of the backup; `latest` unless told.", default: "latest" },
    into: "New database (or file, or folder) to make; a name of our own unless told. It must not exist.",
    confirm:
      "Name of the database to replace, typed out. It is replaced under the fleet lock, after a fresh backup, and kept under another name.",
    "age-key": "age identity, `AGE-SECRET-KEY-…`, that opens the backup. A secret.",
    disconnect: {
      description: "`true`: with `confirm`, end what is still connected to the database at the switch.",
      default: "false",
    },
    of: "Whose backup it is, as `app/environment`, where it is another's than this one's.",
    unsigned: {
      description:
        "`true`: bring back the backup of this id although none of `signed-by` signed it, since you know where it comes from.",
      default: "false",
    },
    "plain-owners": { description: "`true`: leave owners and grants of the dump out.", default: "false" },
    "keep-going": {
      description: "`true`: go on past what fails, into a database named `…_incomplete_…`; the job fails.",
      default: "false",
    },
  },
  ...databaseInputs,
});
export const inputs = declared.names;

export function readInputs(read: InputReader): Inputs {
  return {
    ...readDatabaseInputs(read),
    backup: read.string("backup") ?? "latest",
    into: read.string("into"),
    confirm: read.string("confirm"),
    ageKey: read.secret("age-key"),
    disconnect: read.flag("disconnect", false),
    plainOwners: read.flag("plain-owners", false),
    of: read.string("of"),
    unsigned: read.flag("unsigned", false),
    keepGoing: read.flag("keep-going", false),
  };
}
