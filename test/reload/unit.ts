import type { FleetHost } from "@deploy/testkit";

/** Gives a host's systemd this unit as `shop.service`, and starts it anew. */
export async function startUnit(host: FleetHost, text: string): Promise<void> {
  const script =
    "cat >/etc/systemd/system/shop.service && systemctl daemon-reload && systemctl restart shop.service";
  const { code, stderr } = await host.exec(["sh", "-c", script], text);
  if (code !== 0) throw new Error(stderr);
}
