import type { PoolKind } from "@deploy/core";
import { driver as command } from "./command.ts";
import type { PoolDriver } from "./driver.ts";
import { driver as file } from "./file.ts";
import { driver as haproxy } from "./haproxy.ts";
import { driver as targetGroup } from "./targetGroup.ts";

const drivers: { readonly [Kind in PoolKind]: PoolDriver<Kind> } = {
  file,
  haproxy,
  "target-group": targetGroup,
  command,
};

/** A pool goes with its own driver: what one is given the other takes. */
export function driverOf({ kind }: { readonly kind: PoolKind }): PoolDriver<PoolKind> {
  return drivers[kind] as unknown as PoolDriver<PoolKind>;
}
