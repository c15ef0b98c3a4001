/** What tests turn down. Times in milliseconds, sizes in bytes. */
export interface S3Tuning {
  /** How long a connection may say nothing (or next to nothing) before it is given up. */
  readonly silence: number;
  /** Tries of one request, the first included. */
  readonly attempts: number;
  /** Pause before the second try; each later one is three times as long, ten seconds at most, shortened at random by up to half. */
  readonly pause: number;
  /** Bodies up to this size go in one piece. */
  readonly whole: number;
  /** Least size of a part; S3 wants 5 MiB. */
  readonly part: number;
  /** After so many parts the part size doubles, so a stream of any size ends before part 10,001. */
  readonly doubleEvery: number;
  /** Parts of one object under way at once. */
  readonly parallel: number;
  /** Bytes of all bodies that are held in memory at once. */
  readonly memory: number;
}

const mebibyte = 1 << 20;

export const usualTuning: S3Tuning = {
  silence: 30_000,
  attempts: 6,
  pause: 200,
  whole: 16 * mebibyte,
  part: 8 * mebibyte,
  doubleEvery: 1000,
  parallel: 4,
  memory: 128 * mebibyte,
};
