/** What is written or changed by hand for a new one: a path, in which `<name>` is the new one's, or words. */
export interface Place {
  readonly path: string;
  readonly what: string;
}

/** Something of which there will be more: what adding one takes, and how code speaks of those there are. */
export interface Extension {
  /** Its marks in CONTRIBUTING.md. */
  readonly mark: string;
  /** Those there are; each has every place. */
  readonly names: readonly string[];
  /** At most so many places. */
  readonly limit: number;
  /** How many places it takes above its limit: told in its table, and to be mended. */
  readonly excess?: number;
  readonly places: readonly Place[];
  /** What stands for a name in paths, where that is not the name. */
  readonly files?: Readonly<Record<string, readonly string[]>>;
  /** Names that mean nothing else: where code has such a word, it speaks of this. */
  readonly plain: readonly string[];
  /** How code speaks of any of them. */
  speaks(name: string): readonly RegExp[];
  /** Files that speak of some of those there are, and that a new one does not change; with the reason. */
  readonly others: Readonly<Record<string, string>>;
}
