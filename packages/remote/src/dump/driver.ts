import type { DatabaseKind, SourceConfig } from "@deploy/core";
import type { Server } from "./types.ts";

/** What a script of a driver can be asked for. */
export type Verb = "inspect" | "dump" | "restore" | "swappable" | "swap" | "count" | "drop" | "left";

/**
 * One kind of source: all that differs between kinds is here and in its script; scripts/dump/dump.sh says what the script defines.
 * `args`, `name` and `local` throw `argument-refused` for what no script should be told.
 */
export interface Driver<S extends { readonly kind: DatabaseKind }> {
  readonly script: string;
  /** The configured source as the script knows it. Throws what `where` throws. */
  source(configured: SourceConfig<S["kind"]>, where: Where): S;
  /** The script's own arguments, checked. */
  args(source: S): readonly string[];
  /** What it calls a database, a name or a path, checked: for `into`, `from` and the like. */
  name(text: string): string;
  /** What the source is called where it lives. Absent: nobody knows. */
  nameOf?(source: S): string;
  /** Where `count` finds the source itself. Absent: by its name. */
  placeOf?(source: S): string;
  /** Bytes of a name. Absent: as long as one likes. */
  readonly longestName?: number;
  /** Why it cannot be asked for this; undefined: it can. Absent: for everything. */
  refuses?(verb: Verb, source: S): string | undefined;
  /** Whether what its server holds beside the database is wanted too. Absent: there is nothing beside. */
  wantsGlobals?(source: S): boolean;
  /** The form of its dumps, by which their keys in a store end. Kinds of one form restore each other's. */
  readonly form: string;
  /** Whether what it counts are tables. */
  readonly tables: boolean;
  /** How the URL of a server is read. */
  readonly url?: UrlForm;
  /** What backup.sh is told to keep a backup on the host itself. Absent: that needs a store. */
  local?(configured: SourceConfig<S["kind"]>): readonly string[];
}

/** A driver of databases that a URL leads to. */
export interface ServerDriver<S extends { readonly kind: DatabaseKind; readonly server: Server }>
  extends Driver<S> {
  readonly url: UrlForm;
}

/** Kinds of which a URL tells where they are. */
export type ServerKind = {
  [K in DatabaseKind]: SourceConfig<K> extends { readonly urlSecret: string } ? K : never;
}[DatabaseKind];

/** Where a source lies, for a driver to choose from. */
export interface Where {
  /** Where commands run, absolute. */
  readonly directory: string;
  /** The folder `shared`, absolute. Throws `backup-source` where there is none. */
  shared(): string;
  /** Where the URL leads. Throws `database-url`. */
  server(configured: { readonly database: ServerKind; readonly urlSecret: string }): Server;
}

/** What differs between the URLs of servers. */
export interface UrlForm {
  /** The first is the one that is shown. */
  readonly schemes: readonly string[];
  readonly port: number;
  /** Where a URL without a host leads. */
  readonly host: string;
  /** Parameters of the query that say a part of the URL, and win over it. */
  readonly parts: Readonly<
    Partial<Record<"host" | "port" | "user" | "password" | "name", readonly string[]>>
  >;
  /** Whether libpq's list of `keyword=value` is one too. */
  readonly keywords: boolean;
  /** Other parameters that are passed on -> the name by which the driver knows them. */
  readonly options: Readonly<Record<string, string>>;
}
