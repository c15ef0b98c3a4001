/** Proof of who changes a host: refused (`fenced`) where a higher token was adopted before. */
export interface Fence {
  /** deploy-to, absolute. */
  readonly base: string;
  readonly token: number;
  readonly owner: string;
}
