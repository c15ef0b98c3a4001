import type { Level, Remark } from "../remark.ts";
import type { Seen, SeenCertificate } from "./seen.ts";

const day = 86_400_000;
const fix = "look at what renews it there: sudo certbot renew --dry-run";

/** At each address by itself, and at each host behind what stands before it: renewal breaks on one of them alone. */
export function certificateRemarks({ url, addresses, hosts }: Seen, now: Date): readonly Remark[] {
  if (!url.startsWith("https:")) return [];
  const { hostname } = new URL(url);
  const front = addresses
    .filter(({ answers }) => answers)
    .map(({ address, certificate }): Remark => {
      const text = `${address} speaks no TLS for ${hostname}`;
      return certificate === undefined
        ? { level: "warn", about: "certificate", text, fix: "let the web server listen with ssl" }
        : { about: "certificate", ...judged(certificate, address, now) };
    });
  const seen = new Set(addresses.map(({ address }) => address));
  const behind = hosts
    .filter((host) => !host.addresses.some((address) => seen.has(address)))
    .flatMap(({ host, certificate }): readonly Remark[] =>
      certificate === undefined ? [] : [{ about: "certificate", host, ...judged(certificate, host, now) }],
    );
  return [...front, ...behind];
}

function judged({ refused, ends }: SeenCertificate, at: string, now: Date) {
  const days = Math.floor((ends.getTime() - now.getTime()) / day);
  const told = (level: Level, text: string) => ({ level, text, ...(level === "ok" ? {} : { fix }) });
  if (refused !== undefined) return told("warn", `${at} has one that browsers refuse: ${refused}`);
  if (days < 14) return told("warn", `that of ${at} ends in ${days} days: its renewal is broken there`);
  return told("ok", `that of ${at} is good for ${days} days`);
}
