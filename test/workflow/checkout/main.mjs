// One commit of the caller's folder, as a runner would have it: tracked files only, no credentials.
import { execFileSync } from "node:child_process";

const { GITHUB_SHA, GITHUB_WORKSPACE, INPUT_REF, TEST_CALLER } = process.env;
const only = process.env["INPUT_SPARSE-CHECKOUT"];
const git = (...args) => execFileSync("git", args, { cwd: GITHUB_WORKSPACE, stdio: "inherit" });

git("init", "--quiet");
git("fetch", "--quiet", "--depth=1", `file://${TEST_CALLER}`, INPUT_REF || GITHUB_SHA);
if (only) git("sparse-checkout", "set", "--no-cone", only);
git("checkout", "--quiet", "--force", "FETCH_HEAD");
