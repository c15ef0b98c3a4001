const sizes = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** `512 B`, `1.2 kB`, `104 kB`, `19 MB`: in powers of a thousand, as rates and disks are told. */
export function dataSize(bytes: number): string {
  let [value, step] = [bytes, 0];
  // 999.6 is a thousand when it is rounded.
  while (value >= 999.5 && step < sizes.length - 1) [value, step] = [value / 1000, step + 1];
  const digits = step > 0 && value < 9.95 ? value.toFixed(1) : String(Math.round(value));
  return `${digits} ${sizes[step]}`;
}

/** A time that was set, or measured: `850 ms`, `4.2 s`, `30 s`, `3 min 5 s`, `36 h`, `2 days 12 h`, from milliseconds. */
export function duration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1).replace(".0", "")} s`;
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return both(`${Math.floor(hours / 24)} days`, hours % 24, "h");
  return hours > 0 ? both(`${hours} h`, minutes % 60, "min") : both(`${minutes} min`, seconds % 60, "s");
}

/** How old something is, or how much is left: `90 s`, `12 min`, `5 h`, `40 days`, of one unit, from milliseconds. */
export function roughly(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} days`;
}

function both(large: string, small: number, unit: string): string {
  return small === 0 ? large : `${large} ${small} ${unit}`;
}
