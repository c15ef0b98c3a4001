import { artifact } from "./artifact.ts";
import { git } from "./git.ts";
import type { UploadMethod } from "./method.ts";
import { pull } from "./pull.ts";
import { rsync } from "./rsync.ts";

const known = { artifact, rsync, pull, git } as const;

/** By the name that `upload.method` gives them. The engine's are a mapped type over these. */
export const uploadMethods: Readonly<Record<Method, UploadMethod>> = known;

export type Method = keyof typeof known;

export const methodNames = Object.keys(known) as readonly Method[];
