import type { z } from "zod";
import { readAddress } from "../hosts/address.ts";
import { input } from "../section.ts";
import { anyRoles } from "../values/command.ts";
import { duration } from "../values/duration.ts";
import { flag, list, text, webAddress, whole } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";
import { isLiteral, isOwn } from "./asked.ts";

const ownAddress = () =>
  text("an IP address that each host has itself (127.0.0.1, ::1)", (value) => {
    const address = readAddress(value);
    return address !== undefined && (isLiteral(address) || isOwn(address)) ? address : undefined;
  });

/** The URL says the host; the others are about how it is sent. curl and a login shell take these characters as they are. */
const header = () =>
  text("a header such as `X-Forwarded-Proto: https`, other than Host, which the URL says", (value) => {
    const [, name = "", content = ""] = /^([A-Za-z][A-Za-z0-9-]*):[ \t]*([\x20-\x7e]*)$/.exec(value) ?? [];
    const taken = /^(host|connection|content-length|transfer-encoding|)$/i.test(name);
    return taken || content === "" || /['!\\]/.test(content) ? undefined : `${name}: ${content}`;
  });

export const health = mapping({
  url: webAddress().describe(
    "Asked on each host itself. A name in it is only said (`Host`, TLS) and never looked up, so that nobody else answers for the host.",
  ),
  address: ownAddress()
    .optional()
    .describe(
      "Where each host is asked, an IP address of its own. Without: the URL's, and `127.0.0.1` for a name.",
    ),
  headers: list(header(), "headers")
    .optional()
    .describe(
      "Sent with each question, as `X-Forwarded-Proto: https` where an application sends http away. They are in the plan: no secrets.",
    ),
  status: whole(100, 599).prefault(200).describe("The HTTP status of a healthy answer."),
  "expect-release": flag()
    .prefault(true)
    .describe(
      "The release id must be in the `X-Release` header or in the body. A release has it in its file `RELEASE`, and commands in `DEPLOY_RELEASE`.",
    ),
  within: duration()
    .prefault("30s")
    .describe("How long a host may take to become healthy; three times that on the way back."),
  timeout: duration().prefault("5s").describe("How long one answer may take, within `within`."),
  interval: duration().prefault("1s").describe("The pause between two questions."),
  passes: whole(1, 100).prefault(1).describe("Healthy answers in a row that prove health."),
  quiet: duration()
    .optional()
    .describe(
      "After that proof: for how long no other answer may come, from another release, say, which an old worker still serves; one that comes begins the proof anew. Within `within`. Without: not looked at.",
    ),
  roles: anyRoles(),
}).meta({ title: "health" });

/** The proof that a host serves the new release. Times in milliseconds. */
export type Health = z.output<typeof health>;

export const healthInputs = {
  "health-url": input(
    "text",
    "activate.health.url",
    "URL asked on each host after the switch; every host must answer well, or all go back.",
  ),
  "health-address": input(
    "text",
    "activate.health.address",
    "Where each host is asked, an IP address of its own; `127.0.0.1` unless the URL has another.",
  ),
  "health-headers": input(
    "lines",
    "activate.health.headers",
    "Headers sent with each question, as `X-Forwarded-Proto: https`, one per line; shown in the plan.",
  ),
  "health-status": input(
    "number",
    "activate.health.status",
    "HTTP status of a healthy answer; 200 unless told.",
  ),
  "health-expect-release": input(
    "flag",
    "activate.health.expect-release",
    "`false`: a healthy answer need not name the release.",
  ),
  "health-within": input(
    "text",
    "activate.health.within",
    "How long a host may take to become healthy; `30s` unless told.",
  ),
  "health-timeout": input(
    "text",
    "activate.health.timeout",
    "How long one answer may take; `5s` unless told.",
  ),
  "health-interval": input(
    "text",
    "activate.health.interval",
    "Pause between two questions; `1s` unless told.",
  ),
  "health-passes": input(
    "number",
    "activate.health.passes",
    "Healthy answers in a row that prove health; 1 unless told.",
  ),
  "health-quiet": input(
    "text",
    "activate.health.quiet",
    "How long after that proof no other answer may come, as of an old worker's release; not looked at unless told.",
  ),
};
