import { createHash } from "node:crypto";
import { DeployError } from "@deploy/core";
import { checkBase, checkCount, checkWord } from "../check.ts";
import { quote } from "../quote.ts";
import { scripts } from "../scripts.gen.ts";
import { type PullerSettings, pullerAgent } from "./files.ts";

export interface BirthOptions extends Omit<PullerSettings, "host"> {
  /** Absolute. */
  readonly base: string;
  /** Who deploys and owns `base`; made where there is none. */
  readonly user: string;
  /** PEM. */
  readonly publicKey: string;
}

/** Bytes of user-data that EC2 takes. */
const most = 16_384;

/**
 * User-data for machines that deploy themselves: a script for root, without a secret, the same for all machines of an environment. It
 * trusts the digest of `pullerAgent()`, and from then on the key. Throws `argument-refused` for what cannot stand in it.
 */
export function userData(options: BirthOptions): string {
  const { app, environment, store, floor, roleRegion = "", imds = "", base, user, publicKey } = options;
  const values = {
    app: checkWord("an app", app),
    environment: checkWord("an environment", environment),
    store: checkWord("a store", store),
    floor: checkCount("a serial", floor),
    region: roleRegion === "" ? "" : checkWord("a region", roleRegion),
    imds: imds === "" ? "" : checkWord("an address", imds),
    base: plainPath(checkBase(base)),
    user: checkWord("a user", user),
    agent: createHash("sha256").update(pullerAgent()).digest("hex"),
    key: publicKey.trim(),
  };
  const lines = Object.entries(values).map(([name, value]) => `${name}=${quote(value)}`);
  const text = ["#!/bin/sh", ...lines, scripts.born].join("\n");
  if (text.length <= most) return text;
  throw new DeployError(
    "argument-refused",
    `user-data would have ${text.length} bytes, of which EC2 takes ${most}`,
  );
}

/** A unit of systemd has it as a word. */
function plainPath(base: string): string {
  if (/^\/[A-Za-z0-9._/-]+$/.test(base)) return base;
  throw new DeployError("argument-refused", `cannot stand in a unit of systemd: ${JSON.stringify(base)}`);
}

/** What a machine's role may do: read what it is told and made of, write what it came to. Of a bucket and the store's prefix in it. */
export function machinePolicy(bucket: string, prefix: string): string {
  const at = (key: string) => `arn:aws:s3:::${[bucket, prefix, key].filter((part) => part !== "").join("/")}`;
  const statement = (sid: string, action: string, keys: readonly string[]) => ({
    Sid: sid,
    Effect: "Allow",
    Action: action,
    Resource: keys.map(at),
  });
  const statements = [
    statement("ReadOrders", "s3:GetObject", ["pointer", "parcels/*", "agent/*"]),
    statement("TellState", "s3:PutObject", ["status/*"]),
  ];
  return JSON.stringify({ Version: "2012-10-17", Statement: statements }, undefined, 2);
}
