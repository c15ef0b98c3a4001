import { caddy, haproxy } from "./balancers.ts";
import { file } from "./file.ts";
import type { ConfigureKind } from "./kind.ts";
import { nginx } from "./nginx.ts";
import { phpFpm } from "./phpFpm.ts";
import { supervisor } from "./supervisor.ts";
import { systemd } from "./systemd.ts";

/** By the name that a file's `kind` gives them. */
export const configureKinds = {
  nginx,
  "php-fpm": phpFpm,
  systemd,
  supervisor,
  haproxy,
  caddy,
  file,
} as const satisfies Readonly<Record<string, ConfigureKind>>;

export type ConfigureKindName = keyof typeof configureKinds;

export function configureKind(name: ConfigureKindName): ConfigureKind {
  return configureKinds[name];
}
