import { reloaderContract, shareOf } from "@deploy/testkit";
import { apache } from "./servers/apache.ts";
import { gunicorn } from "./servers/gunicorn.ts";
import { nginx } from "./servers/nginx.ts";
import { phpFpm, phpFpmUntold } from "./servers/phpFpm.ts";
import { pidFile } from "./servers/pidFile.ts";
import { pm2 } from "./servers/pm2.ts";
import { puma } from "./servers/puma.ts";
import { supervisor } from "./servers/supervisor.ts";
import { systemd, systemdUser } from "./servers/systemd.ts";
import { unicorn } from "./servers/unicorn.ts";
import { uwsgi } from "./servers/uwsgi.ts";

const told = [gunicorn, puma, unicorn, uwsgi, phpFpm, nginx, apache, supervisor, pm2];
const others = [phpFpmUntold, systemd, systemdUser, pidFile];

// Two or three each day; all of them by `npm run test:reload`.
for (const server of shareOf([...told, ...others], 6)) reloaderContract(server);
