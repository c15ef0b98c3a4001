// What a worker runs where nothing is bundled. A bundle's worker is the bundle itself.
import { runAssetWorker } from "./worker.ts";

await runAssetWorker();
