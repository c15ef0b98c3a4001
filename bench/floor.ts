import { createHash } from "node:crypto";
import { Client, type ConnectConfig } from "ssh2";

export interface FloorHost {
  readonly address: string;
  readonly port: number;
  readonly username: string;
  /** SHA-256 hex of the host's key. */
  readonly keyBlob: Buffer;
}

/**
 * The least a redeploy can do: one ssh2 connection per host, host key verified, one command that copies the
 * previous release (whole, or by hard links), extracts the changed files and renames the link. All hosts at once.
 */
export async function floorDeploy(
  hosts: readonly FloorHost[],
  privateKey: string,
  base: string,
  how: "copy" | "link",
  release: { readonly from: string; readonly to: string },
  changed: Buffer,
): Promise<void> {
  await Promise.all(hosts.map((host) => deployOne(host, privateKey, line(base, how, release), changed)));
}

function line(
  base: string,
  how: "copy" | "link",
  { from, to }: { readonly from: string; readonly to: string },
): string {
  return (
    `cd ${base} && cp ${how === "link" ? "-al" : "-a"} releases/${from} releases/${to} && tar -C releases/${to} --unlink-first -xzf - ` +
    `&& rm -rf releases/$((${to} - 2)) && ln -s releases/${to} current.new && mv -T current.new current`
  );
}

function deployOne(host: FloorHost, privateKey: string, command: string, input: Buffer): Promise<void> {
  const client = new Client();
  const settings: ConnectConfig = {
    host: host.address,
    port: host.port,
    username: host.username,
    privateKey,
    algorithms: { kex: ["curve25519-sha256"], cipher: ["aes128-gcm@openssh.com"] },
    hostVerifier: (key: Buffer) => sha256(key) === sha256(host.keyBlob),
  };
  return new Promise((resolve, reject) => {
    client
      .on("error", reject)
      .on("ready", () => {
        client.setNoDelay(true);
        client.exec(command, (error, channel) => {
          if (error !== undefined) return reject(error);
          let text = "";
          channel.stderr.on("data", (chunk: Buffer) => {
            text += chunk.toString();
          });
          channel.on("data", () => {});
          channel.on("close", (code: number | undefined) => {
            client.end();
            if (code === 0) resolve();
            else reject(new Error(`floor: ${command} exited ${code}: ${text}`));
          });
          channel.end(input);
        });
      })
      .connect(settings);
  });
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
