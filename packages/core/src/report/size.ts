const units = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** `512 B`, `1.2 kB`, `104 kB`, `19 MB`: an amount of data on its way, in powers of a thousand as rates are. */
export function dataSize(bytes: number): string {
  let [value, step] = [bytes, 0];
  // 999.6 is a thousand when it is rounded.
  while (value >= 999.5 && step < units.length - 1) [value, step] = [value / 1000, step + 1];
  const digits = step > 0 && value < 9.95 ? value.toFixed(1) : String(Math.round(value));
  return `${digits} ${units[step]}`;
}
