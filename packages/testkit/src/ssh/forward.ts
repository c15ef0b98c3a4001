import { connect } from "node:net";
import type { ServerChannel, TcpipRequestInfo } from "ssh2";

const loopback = new Set(["127.0.0.1", "localhost", "::1"]);

/** direct-tcpip to the host's own loopback, as far as `ports` names a stand-in; all else is refused. */
export function forward(
  accept: () => ServerChannel,
  reject: () => void,
  to: Pick<TcpipRequestInfo, "destIP" | "destPort">,
  ports: ReadonlyMap<number, number>,
): void {
  const real = loopback.has(to.destIP) ? ports.get(to.destPort) : undefined;
  if (real === undefined) {
    reject();
    return;
  }
  const socket = connect({ host: "127.0.0.1", port: real, allowHalfOpen: true });
  socket.once("error", reject);
  socket.once("connect", () => {
    socket.off("error", reject);
    const channel = accept();
    socket.on("error", () => channel.destroy());
    channel.on("error", () => socket.destroy());
    channel.on("close", () => socket.destroy());
    channel.pipe(socket).pipe(channel);
  });
}
