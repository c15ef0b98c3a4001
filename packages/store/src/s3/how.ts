/** What the SDK's `send` takes beside the command. */
export interface How {
  readonly requestTimeout: number;
  readonly abortSignal?: AbortSignal;
}
