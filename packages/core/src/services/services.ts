import { celery } from "./celery.ts";
import { command } from "./command.ts";
import { gunicorn } from "./gunicorn.ts";
import { phpFpm } from "./phpFpm.ts";
import { pm2 } from "./pm2.ts";
import { puma, unicorn } from "./rack.ts";
import type { ServiceKind } from "./service.ts";
import { sidekiq } from "./sidekiq.ts";
import { supervisor } from "./supervisor.ts";
import { systemd } from "./systemd.ts";
import { systemdUser } from "./systemdUser.ts";
import { uwsgi } from "./uwsgi.ts";
import { apache, nginx } from "./web.ts";

/** By the name that `activate.service.kind` gives them. */
export const services = {
  systemd,
  "systemd-user": systemdUser,
  gunicorn,
  puma,
  unicorn,
  uwsgi,
  "php-fpm": phpFpm,
  nginx,
  apache,
  pm2,
  supervisor,
  sidekiq,
  celery,
  command,
} as const satisfies Readonly<Record<string, ServiceKind>>;

export type ServiceName = keyof typeof services;
