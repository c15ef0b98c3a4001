// Generated from packages/core/src/steps/kinds.ts by `npm run generate`. Do not edit.
import type { Runners } from "./runner.ts";
import { runner as afterRunner } from "./after.ts";
import { runner as backupRunner } from "./backup.ts";
import { runner as configureRunner } from "./configure.ts";
import { runner as drainRunner } from "./drain.ts";
import { runner as finishRunner } from "./finish.ts";
import { runner as healthRunner } from "./health.ts";
import { runner as holdRunner } from "./hold.ts";
import { runner as migrateRunner } from "./migrate.ts";
import { runner as playbookRunner } from "./playbook.ts";
import { runner as prepareRunner } from "./prepare.ts";
import { runner as purgeRunner } from "./purge.ts";
import { runner as quietRunner } from "./quiet.ts";
import { runner as reloadRunner } from "./reload.ts";
import { runner as returnRunner } from "./return.ts";
import { runner as soakRunner } from "./soak.ts";
import { runner as switchRunner } from "./switch.ts";
import { runner as testRunner } from "./test.ts";
import { runner as uploadRunner } from "./upload.ts";

export const runners: Runners = {
  upload: uploadRunner,
  prepare: prepareRunner,
  test: testRunner,
  playbook: playbookRunner,
  backup: backupRunner,
  migrate: migrateRunner,
  drain: drainRunner,
  quiet: quietRunner,
  switch: switchRunner,
  configure: configureRunner,
  reload: reloadRunner,
  health: healthRunner,
  return: returnRunner,
  soak: soakRunner,
  hold: holdRunner,
  finish: finishRunner,
  purge: purgeRunner,
  after: afterRunner,
};
