import type { Store } from "@deploy/store";
import { afterAll, beforeAll, describe } from "@jest/globals";
import { lists } from "./lists.ts";
import { type Presigned, presigns } from "./presigns.ts";
import { reads } from "./reads.ts";
import { replaces } from "./replaces.ts";
import type { StoreSubject } from "./subject.ts";
import { writes } from "./writes.ts";

/**
 * What every store keeps (see @deploy/store's port). `make` opens a store that is empty. `many` is how long the longest listing is;
 * S3 lists a thousand at a time. `presigned`: whether it has addresses for others, and looks at what is signed.
 */
export function storeContract(
  name: string,
  make: () => Promise<StoreSubject>,
  { many = 1100, presigned = "checked" }: { readonly many?: number; readonly presigned?: Presigned } = {},
): void {
  describe(`${name} keeps the store contract`, () => {
    let subject: StoreSubject;
    beforeAll(async () => {
      subject = await make();
    });
    afterAll(async () => {
      subject?.store.close();
      await subject?.cleanup();
    });
    const get = (): Store => subject.store;
    writes(get);
    replaces(get);
    reads(get);
    lists(get, many);
    presigns(get, presigned);
  });
}
