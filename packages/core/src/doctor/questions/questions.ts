import { appDatabase } from "./appDatabase.ts";
import { limits } from "./limits.ts";
import { loaded } from "./loaded.ts";
import { outbound } from "./outbound.ts";
import { processes } from "./processes.ts";
import { programs } from "./programs.ts";
import type { Asked, Question } from "./question.ts";
import { runtimesOn } from "./runtimes.ts";
import { services } from "./services.ts";
import { sharedFiles } from "./shared.ts";
import { sharedFolders } from "./sharedFolders.ts";
import { sudo } from "./sudo.ts";
import { units } from "./units.ts";

/** All that a host is asked by commands, in one go. */
export function questionsFor(asked: Asked): readonly Question[] {
  return [
    services,
    units,
    sudo,
    programs,
    loaded,
    runtimesOn,
    outbound,
    appDatabase,
    sharedFiles,
    sharedFolders,
  ]
    .flatMap((row): readonly Question[] => row(asked))
    .concat(limits, processes);
}
