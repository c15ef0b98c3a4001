import type { Upload } from "./types.ts";

/** Where the config says nothing about uploads. */
export const defaultUpload: Upload = {
  method: "artifact",
  unchanged: "copy",
  compression: "auto",
  atOnce: 64,
  filter: [],
};
