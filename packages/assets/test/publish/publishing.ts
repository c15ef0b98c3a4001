import { s3Store } from "@deploy/store";
import { publishAssets } from "../../src/publish/publish.ts";

// A run of its own, so that it can be killed: its work is its one argument, each file sent is a line.
const { s3, options } = JSON.parse(process.argv[2] ?? "{}");
const { keys, ...where } = s3;
const store = s3Store({ ...where, credentials: async () => keys });
const result = await publishAssets({
  ...options,
  store,
  onProgress: (done, total, path) => process.stdout.write(`sent ${done}/${total} ${path}\n`),
});
process.stdout.write(`result ${JSON.stringify(result)}\n`);
store.close();
