import { DeployError, DeployErrors, type Host, type Problem } from "@deploy/core";
import { keyType } from "./fingerprint.ts";
import { hostName } from "./hostPattern.ts";
import { type KnownHosts, knownFor, parseKnownHosts, type Verdict, verdict } from "./knownHosts.ts";

/** Parses the required known-hosts text. Throws `known-hosts-invalid` for each line that cannot be read. */
export function readKnownHosts(text: string): KnownHosts {
  const known = parseKnownHosts(text);
  const problems: Problem[] = known.problems.map(
    ({ line, reason }) =>
      new DeployError("known-hosts-invalid", `Line ${line} of known-hosts cannot be read: ${reason}`, {
        place: { file: "known-hosts", line },
      }).problem,
  );
  if (problems.length > 0) throw new DeployErrors(problems);
  return known;
}

/** Thrown before connecting where there is no text to trust at all. */
export function requireKnownHosts(known: KnownHosts, host: Host): void {
  if (known.entries.length > 0) return;
  throw new DeployError("known-hosts-missing", `known-hosts is empty, so ${host.name} cannot be trusted`, {
    hint:
      `Run \`ssh-keyscan -p ${host.port} ${host.address}\`, compare its keys with the server's own ` +
      `(${howToCheck}), and store the lines in known-hosts.`,
    place: { host: host.name },
  });
}

const howToCheck = "there: `for k in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $k; done`";

/** The refusal a verdict means; undefined where the key is trusted. */
export function refusalOf(found: Verdict, host: Host, blob: Uint8Array): DeployError | undefined {
  const place = { host: host.name };
  const type = keyType(blob);
  if (found.verdict === "trusted") return undefined;
  if (found.verdict === "revoked")
    return new DeployError(
      "host-key-revoked",
      `${host.name} offers the ${type} key ${found.offered}, which line ${found.line} of known-hosts revokes`,
      { place },
    );
  if (found.verdict === "mismatch")
    return new DeployError(
      "host-key-mismatch",
      `${host.name} offers the ${type} key ${found.offered}, but known-hosts pins ${found.pinned.join(" and ")}`,
      {
        hint:
          `Ask whoever runs the server for its fingerprint (${howToCheck}); only if it is the offered one, ` +
          `replace the line in known-hosts by that of \`ssh-keyscan -p ${host.port} ${host.address}\`.`,
        place,
      },
    );
  const line = `${hostName(host.address, host.port)} ${type} ${Buffer.from(blob).toString("base64")}`;
  const authority = found.certificateAuthority
    ? " (only a @cert-authority line does, and host certificates are not supported)"
    : "";
  return new DeployError("host-key-unknown", `No line of known-hosts names ${host.name}${authority}`, {
    hint: `If ${found.offered} is the server's own fingerprint (${howToCheck}), add the line: ${line}`,
    place,
  });
}

/** What to say when the server has no key of a type that is pinned. */
export function noPinnedType(known: KnownHosts, host: Host, types: readonly string[]): DeployError {
  const pins = knownFor(known, host.address, host.port).filter((entry) => entry.marker === "");
  if (pins.length === 0)
    return new DeployError(
      "handshake-failed",
      `${host.name} offers no host key of a usable type (${types.join(", ")})`,
      {
        place: { host: host.name },
      },
    );
  return new DeployError(
    "host-key-mismatch",
    `${host.name} offers no host key of a pinned type: known-hosts pins ${pins.map((pin) => `${pin.type || "any type"} ${pin.print}`).join(" and ")}`,
    {
      hint: `Run \`ssh-keyscan -p ${host.port} ${host.address}\`, compare its keys with the server's own (${howToCheck}), and store the lines.`,
      place: { host: host.name },
    },
  );
}

export { verdict };
