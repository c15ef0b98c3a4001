/** What one deploy took, whoever made it. */
export interface Sample {
  readonly seconds: number;
  /** Of the deploying side: user and system time of its processes, children included, seconds. */
  readonly cpu: number;
  /** Largest resident memory of the deploying process, MB; only where it is one process. */
  readonly peak?: number;
  /** From the first host's switch to the last one's, by the hosts' own clock (one machine), milliseconds. */
  readonly skew?: number;
}

/** A key exchange that all of them know, or what each tool takes by itself. */
export type Exchange = "default" | "equal";

/** One round: 0 is cold, the later ones have ten files changed. */
export interface Round {
  readonly number: number;
  readonly changed: readonly string[];
  /** Of the application, by git: what Capistrano deploys. */
  readonly commit: string;
}

export interface Peer {
  readonly name: string;
  /** What it negotiates; "" where it is not told. */
  exchange(exchange: Exchange): string;
  /** Why it cannot take part; undefined where it can. */
  missing(): string | undefined;
  /** Writes its own files, once for each exchange. */
  begin(exchange: Exchange): Promise<void>;
  deploy(round: Round): Promise<Sample>;
  /** The live release's folder on a host, below /srv. */
  readonly live: string;
}
