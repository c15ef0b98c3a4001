import { DeployError } from "@deploy/core";
import type { Client, ClientChannel } from "ssh2";

/** Milliseconds. */
const patience = 10_000;
/** Characters of an answer. */
const most = 4_000_000;

/** One line to a Unix socket on the server (direct-streamlocal), and all it answers until it closes. Rejects with `pool-unreadable`. */
export async function sayTo(client: Client, host: string, socket: string, line: string): Promise<string> {
  const channel = await openSocket(client, host, socket);
  return new Promise((resolve, reject) => {
    let answer = "";
    const late = setTimeout(() => {
      channel.destroy();
      reject(failure(host, `${socket} did not answer within ${patience / 1000} s`));
    }, patience);
    channel.setEncoding("utf8");
    channel.on("data", (text: string) => {
      answer += text;
      if (answer.length > most) channel.destroy();
    });
    channel.once("close", () => {
      clearTimeout(late);
      resolve(answer);
    });
    channel.end(`${line}\n`);
  });
}

function openSocket(client: Client, host: string, socket: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const refuse = (error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      reject(failure(host, `${socket} cannot be reached: ${why}`));
    };
    try {
      client.openssh_forwardOutStreamLocal(socket, (error, channel) => {
        if (error) refuse(error);
        else resolve(channel);
      });
    } catch (error) {
      refuse(error);
    }
  });
}

function failure(host: string, message: string): DeployError {
  const hint =
    "The login there must be of the socket's group (`stats socket … mode 660 level admin group …`), and sshd must allow `AllowStreamLocalForwarding`.";
  return new DeployError("pool-unreadable", message, { hint, place: { host } });
}
