import { lookup } from "node:dns/promises";
import { connect } from "node:net";

/** How long anybody outside may take to answer, in milliseconds. */
export const patience = 5000;

/** What this machine's resolver says of a name; an address is its own. Never rejects: none is an answer. */
export async function addressesOf(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

/** Whether somebody takes a connection there. */
export function answersAt(address: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: address, port, timeout: patience });
    const end = (answers: boolean) => {
      socket.destroy();
      done(answers);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}
