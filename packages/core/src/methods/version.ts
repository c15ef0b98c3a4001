/** Whether a version such as `3.2.7` is below `floor`; what is no version is. */
export function versionBelow(version: string, floor: string): boolean {
  const [given, least] = [numbersOf(version), numbersOf(floor)];
  const at = least.findIndex((number, index) => number !== given[index]);
  return given.length === 0 || (at >= 0 && (given[at] ?? 0) < (least[at] ?? 0));
}

function numbersOf(version: string): readonly number[] {
  return /^\d+(\.\d+)+/.exec(version)?.[0].split(".").map(Number) ?? [];
}
