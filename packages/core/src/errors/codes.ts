/** What usually leads to an error, and what usually mends it: whole sentences. */
export interface Code {
  readonly cause: string;
  readonly fix: string;
  /** The same move in the log or summary of an action, where it is another: an input instead of a flag. */
  readonly inAction?: string;
}

export type Codes = Readonly<Record<string, Code>>;
