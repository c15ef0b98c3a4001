import { systemClock } from "../../clock.ts";
import { type HutOptions, HutTransport } from "../../hut/transport.ts";
import type { Connect } from "../../port.ts";
import { FtpFiles } from "./files.ts";
import { type FtpOptions, logIn } from "./login.ts";
import { Pool } from "./pool.ts";

/** Most servers of hosters take eight of one address; others of the same login want some, too. */
const connections = 4;

/** Connects to hosts that speak FTP. Rejects as `logIn`. */
export function ftpConnector(options: FtpOptions, hut: HutOptions = {}): Connect {
  const { clock = systemClock } = hut;
  return async (host, signal) => {
    signal?.throwIfAborted();
    const pool = new Pool(
      host,
      connections,
      () => logIn(host, options),
      () => clock.now(),
    );
    await pool.run("log in", async () => undefined);
    return new HutTransport(host, new FtpFiles(host, pool), {
      ...(host.documentRoot === undefined ? {} : { documentRoot: host.documentRoot }),
      ...hut,
    });
  };
}
