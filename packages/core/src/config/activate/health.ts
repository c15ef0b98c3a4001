import type { z } from "zod";
import { input } from "../section.ts";
import { anyRoles } from "../values/command.ts";
import { duration } from "../values/duration.ts";
import { flag, webAddress, whole } from "../values/leaves.ts";
import { mapping } from "../values/mapping.ts";

export const health = mapping({
  url: webAddress().describe("Asked on each host itself: `127.0.0.1` is that host."),
  status: whole(100, 599).prefault(200).describe("The HTTP status of a healthy answer."),
  "expect-release": flag()
    .prefault(true)
    .describe("The release id must be in the `X-Release` header or in the body."),
  within: duration().prefault("30s").describe("How long a host may take to become healthy."),
  interval: duration().prefault("1s").describe("The pause between two questions."),
  passes: whole(1, 100).prefault(1).describe("Healthy answers in a row that prove health."),
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
};
