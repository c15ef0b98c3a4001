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

function judged(certificate: SeenCertificate, at: string, now: Date) {
  const trouble = troubleWith(certificate, at, now);
  if (trouble !== undefined) return { level: "warn" as Level, text: trouble, fix };
  return { level: "ok" as Level, text: `that of ${at} is good for ${daysLeft(certificate, now)} days` };
}

/** What is wrong with the certificate that is shown at a place, for people; undefined: nothing. */
export function troubleWith(certificate: SeenCertificate, at: string, now: Date): string | undefined {
  const days = daysLeft(certificate, now);
  if (certificate.refused !== undefined) return `${at} has one that browsers refuse: ${certificate.refused}`;
  return days < 14 ? `that of ${at} ends in ${days} days: its renewal is broken there` : undefined;
}

const daysLeft = ({ ends }: SeenCertificate, now: Date): number =>
  Math.floor((ends.getTime() - now.getTime()) / day);
