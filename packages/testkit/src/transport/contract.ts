import type { ExecResult } from "@deploy/remote";
import type { Transport } from "@deploy/transport";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type ContractSubject, shell } from "./command.ts";
import { endings, outputs, payloads } from "./exec.ts";
import { requests } from "./http.ts";
import { cutStream, streams } from "./stream.ts";

export { type ContractSubject, shell };

/**
 * What every transport keeps (see @deploy/transport's port). `make` opens a new one each time it is called. `http` is `real` unless
 * told: `rehearsed` for a transport that only records, `none` where hosts do not share this machine's loopback. `signals` is true
 * where a command without stdin can surely be asked to end (OpenSSH does not let root, the server of ssh2 lets nobody).
 */
export function transportContract(
  name: string,
  make: () => Promise<ContractSubject>,
  options: { readonly http?: "real" | "rehearsed" | "none"; readonly signals?: boolean } = {},
): void {
  const { http = "real", signals = false } = options;
  describe(`${name} keeps the transport contract`, () => {
    let subject: ContractSubject;
    beforeAll(async () => {
      subject = await make();
    });
    afterAll(() => subject?.dispose());
    const get = (): Transport => subject.transport;
    endings(get, http !== "rehearsed");
    outputs(get);
    payloads(get);
    streams(get, signals);
    if (http !== "none") requests(get, http, (port) => subject.expose?.(port));
  });
  describe(`${name} keeps the transport contract when it ends`, () => goodbyes(make));
}

const silent = { stdout: "", stderr: "", dropped: 0 };

/** Each test ends its own connection. */
function goodbyes(make: () => Promise<ContractSubject>): void {
  const using = async (work: (subject: ContractSubject) => Promise<void>) => {
    const subject = await make();
    try {
      await work(subject);
    } finally {
      await subject.dispose();
    }
  };

  test("a closed transport answers unknown, and may be closed again", () =>
    using(async ({ transport }) => {
      await transport.close();
      await transport.close();
      const result = await transport.exec(shell("echo ran"));
      expect(result).toEqual({ status: "unknown", reason: "the transport was closed", ...silent });
    }));

  test("closing under a command leaves it unknown", () =>
    using(async ({ transport }) => {
      const result = await begun(transport, () => transport.close());
      expect(result).toEqual({
        status: "unknown",
        reason: "the transport was closed",
        ...silent,
        stdout: "begun\n",
      });
    }));

  test("a connection cut under a command leaves it, and all after it, unknown", () =>
    using(async ({ transport, cut }) => {
      if (cut === undefined) return;
      const result = await begun(transport, cut);
      const later = await transport.exec(shell("echo ran"));
      const seen = [result, later].map(({ status, stdout }) => ({ status, stdout }));
      expect(seen).toEqual([
        { status: "unknown", stdout: "begun\n" },
        { status: "unknown", stdout: "" },
      ]);
      expect(later).toMatchObject({ reason: expect.stringMatching(/^the connection was lost/) });
    }));

  test.each(["in the middle", "at the end"] as const)(
    "a stream cut %s is unknown, and its sink hears no more",
    (moment) =>
      using(async ({ transport, cut }) => {
        if (cut === undefined) return;
        const { result, size, later } = await cutStream(transport, cut, moment);
        expect({ result, cut: size < 16_777_216, later }).toEqual({
          result: { status: "unknown", reason: expect.stringMatching(/^the connection was lost/), ...silent },
          cut: true,
          later: 0,
        });
      }),
  );
}

/** Starts a command that would last, and does something once it runs. */
function begun(transport: Transport, then: () => Promise<void>): Promise<ExecResult> {
  let done: Promise<void> | undefined;
  const onOutput = () => {
    done ??= then();
  };
  return transport.exec(shell("echo begun; sleep 60 & wait"), { onOutput }).then(async (result) => {
    await done;
    return result;
  });
}
