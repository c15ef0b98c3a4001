import { command } from "./command.ts";
import { gunicorn } from "./gunicorn.ts";
import { pm2 } from "./pm2.ts";
import { puma, unicorn } from "./rack.ts";
import type { ServiceKind } from "./service.ts";
import { supervisor } from "./supervisor.ts";
import { systemd } from "./systemd.ts";
import { systemdUser } from "./systemdUser.ts";
import { apache, nginx, phpFpm } from "./web.ts";

/** By the name that `activate.service.kind` gives them. */
export const services = {
  systemd,
  "systemd-user": systemdUser,
  gunicorn,
  puma,
  unicorn,
  "php-fpm": phpFpm,
  nginx,
  apache,
  pm2,
  supervisor,
  command,
} as const satisfies Readonly<Record<string, ServiceKind>>;

export type ServiceName = keyof typeof services;
