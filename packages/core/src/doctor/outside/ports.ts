import type { Remark } from "../remark.ts";
import type { Seen } from "./seen.ts";

/** The app's own port, tried from here: a firewall is known by what it keeps out. */
export function openRemarks(hosts: Seen["hosts"], port: number | undefined): readonly Remark[] {
  if (port === undefined) return [];
  return hosts.flatMap(({ host, open }): readonly Remark[] => {
    const at = { about: "firewall", host } as const;
    if (open === undefined) return [];
    if (!open) return [{ ...at, level: "ok", text: `${port} does not answer from here` }];
    const text = `${port} answers from here: no firewall keeps visitors from the app behind the web server`;
    return [{ ...at, level: "warn", text, fix: `sudo ufw deny ${port}/tcp, or listen on 127.0.0.1` }];
  });
}
