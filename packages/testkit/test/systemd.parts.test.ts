import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { needs, type SshdFleet, sshdFleet } from "../src/index.ts";

needs(
  "sshd",
  "ip",
  "systemctl",
  "findmnt",
)("a host with a systemd of its own", () => {
  let fleet: SshdFleet;
  beforeAll(async () => {
    fleet = await sshdFleet({ hosts: [{ systemd: true }] });
  }, 60_000);
  afterAll(() => fleet?.close());

  test("runs units that this machine knows nothing of", async () => {
    const [host] = fleet.hosts;
    const unit = "[Service]\nExecStart=/bin/sleep 1000\n";
    await host?.exec(
      ["sh", "-c", "cat >/etc/systemd/system/nap.service && systemctl daemon-reload && systemctl start nap"],
      unit,
    );
    const { stdout } = (await host?.exec(["systemctl", "is-active", "nap"])) ?? { stdout: "" };
    expect(stdout.trim()).toBe("active");
  });
});
