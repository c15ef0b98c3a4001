import type { Socket } from "node:net";
import { DeployError, type Host } from "@deploy/core";
import { type Client, FTPError } from "basic-ftp";
import { openData } from "./data.ts";

export interface Wire {
  readonly client: Client;
  readonly host: Host;
}

/**
 * A command with a data connection. What the server says in the end counts more than how the bytes ended: a full disk shows as a
 * broken data connection first, and is told on the other one. Rejects with FTPError, with what `use` threw, or as the connection did.
 */
export async function transfer(
  { client, host }: Wire,
  commands: readonly string[],
  use: (data: Socket) => Promise<void>,
): Promise<void> {
  const { socket: data, secured } = await openData(client, host);
  try {
    const last = commands.at(-1) as string;
    for (const command of commands.slice(0, -1)) await client.send(command);
    await carry(client, last, data, () => secured().then(() => use(data)));
  } finally {
    data.destroy();
  }
}

async function carry(client: Client, command: string, data: Socket, use: () => Promise<void>): Promise<void> {
  const { ftp } = client;
  let used: Promise<unknown> | undefined;
  const start = () => {
    used ??= begin();
  };
  // While bytes flow the other connection is silent for as long as they take.
  const begin = async () => {
    ftp.socket.setTimeout(0);
    try {
      await use();
      return undefined;
    } catch (error) {
      data.destroy();
      return error;
    } finally {
      ftp.socket.setTimeout(ftp.timeout);
    }
  };
  const reply = await ftp
    .handle(command, (answer, task) => {
      if (answer instanceof Error) task.reject(answer);
      else if (answer.code < 200) start();
      else task.resolve(answer);
    })
    .catch((error: unknown) => error);
  const refused = reply instanceof FTPError ? reply : undefined;
  if (refused !== undefined) data.destroy();
  else if (!(reply instanceof Error)) start();
  const failed = await used;
  if (failed instanceof DeployError) throw failed;
  if (reply instanceof Error) throw reply;
  if (failed !== undefined) throw failed;
}
