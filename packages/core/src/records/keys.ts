/** Where an environment's records lie in their store. */
export interface Place {
  readonly app: string;
  readonly environment: string;
}

export const reportsOf = ({ app, environment }: Place): string => `reports/${app}/${environment}/`;
export const auditOf = ({ app, environment }: Place): string => `audit/${app}/${environment}/`;
export const headOf = (place: Place): string => `${auditOf(place)}head.json`;

/** `…/00000012.json`: listings are in the order of the chain. */
export function entryKey(place: Place, sequence: number): string {
  return `${auditOf(place)}${String(sequence).padStart(8, "0")}.json`;
}

/** The sequence that a key of an entry names; undefined for any other key. */
export function sequenceIn(key: string): number | undefined {
  const [, digits] = /\/(\d{8,15})\.json$/.exec(key) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** `reports/shop/production/20261201T001500123Z-org-shop-4711.json`: listings are in the order of time. */
export function recordKey(place: Place, time: string, run: string): string {
  const name = run.replaceAll(/[^A-Za-z0-9._-]+/g, "-").slice(-100);
  return `${reportsOf(place)}${time.replaceAll(/[-:.]/g, "")}-${name}.json`;
}
