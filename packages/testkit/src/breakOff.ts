import type { Socket } from "node:net";

/**
 * Ends a connection at once, by a reset where that can be: a socket that is reset while its end is on its way is never
 * freed (Node 20 and 24; EINVAL from libuv), and a process that has one spins when it should exit.
 */
export function breakOff(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
