import type { FleetHost } from "@deploy/testkit";

/** As root of the host. */
export async function asRoot(host: FleetHost, script: string, input = ""): Promise<void> {
  const { code, stderr } = await host.exec(["sh", "-c", script], input);
  if (code !== 0) throw new Error(stderr);
}

/** Gives a host's systemd this unit as `shop.service`, and starts it anew. */
export function startUnit(host: FleetHost, text: string): Promise<void> {
  const to = "/etc/systemd/system/shop.service";
  return asRoot(host, `cat >${to} && systemctl daemon-reload && systemctl restart shop.service`, text);
}

/** Writes these files, each with its folder. */
export async function writeFiles(host: FleetHost, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files))
    await asRoot(host, `mkdir -p "$(dirname ${path})" && cat >${path}`, text);
}
