import type { Fence } from "./fence.ts";
import type { ProbeQuestion } from "./host/types.ts";
import type { AcquireOptions, FreezeOptions, ReleaseOptions, RenewOptions } from "./lock/types.ts";
import type { FinishOptions, FlipOptions, ManifestQuestion, MarkReadyOptions } from "./release/types.ts";
import type { ReceiveOptions } from "./upload/types.ts";

/** What each command wants that can also be done over files alone, as it was asked for. */
export interface Asks {
  readonly probe: ProbeQuestion;
  readonly current: { readonly base: string };
  readonly manifest: ManifestQuestion;
  readonly acquire: AcquireOptions;
  readonly adopt: { readonly fence: Fence; readonly mend: boolean };
  readonly renew: RenewOptions;
  readonly release: ReleaseOptions;
  readonly freeze: FreezeOptions;
  readonly unfreeze: { readonly base: string };
  readonly receive: ReceiveOptions;
  readonly ready: MarkReadyOptions;
  /** `armed`: seconds that it waits for its word. */
  readonly flip: FlipOptions & { readonly armed?: number };
  readonly finish: FinishOptions;
  readonly hold: { readonly fence: Fence; readonly release: string };
  readonly floor: { readonly fence: Fence; readonly release: string };
  readonly remove: { readonly fence: Fence };
}

export type Ask = { readonly [What in keyof Asks]: { readonly what: What } & Asks[What] }[keyof Asks];
