const units: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  KB: 1e3,
  KiB: 1024,
  MB: 1e6,
  MiB: 1024 ** 2,
  GB: 1e9,
  GiB: 1024 ** 3,
};

export const largestSize = 1024 ** 4;
export const sizePhrase = "a size from 0 to 1 TiB: bytes as a whole number, or 4KB, 1MiB, 2GB";

/** Bytes of `64`, `4KB` (4000) or `4KiB` (4096); undefined for anything else. */
export function readSize(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,13})(B|[KMG]i?B)?$/.exec(text) ?? [];
  const size = Number(count) * (units[unit] ?? Number.NaN);
  return size <= largestSize ? size : undefined;
}
