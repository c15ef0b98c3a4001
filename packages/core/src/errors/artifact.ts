import type { Codes } from "./codes.ts";

export const artifactCodes = {
  "archive-refused": {
    cause:
      "The tar that came as the workflow artifact to pack is damaged, or holds what is never unpacked: a name that leads out, one name twice, a device.",
    fix: "Make it again, `tar -cf app.tar -C FOLDER .`, and upload that.",
  },
  "artifact-damaged": {
    cause: "The packed files of the release are not what was packed: cut off, changed or mixed.",
    fix: "Pack again (run the pack step again), then repeat this step.",
  },
  "artifact-missing": {
    cause: "No packed release lies where it was looked for.",
    fix: "Run the pack step before this one, or give `source`.",
  },
  "artifact-transfer": {
    cause: "A workflow artifact could not be uploaded or downloaded.",
    fix: "Check that an earlier job of this run uploaded it under that name; then run the job again.",
  },
  "artifact-unwritable": {
    cause:
      "The packed files of a release could not be written on the machine that deploys: no space, or no permission.",
    fix: "Make room (`df`, `df -i`) or give a folder that this user may write to; then deploy again.",
  },
  "build-failed": {
    cause: "A `build` command of the config did not end well, so there is nothing to pack.",
    fix: "Run the command by itself, mend what it says, and deploy again.",
  },
  "checkout-incomplete": {
    cause:
      "Git keeps some of the files elsewhere and they were not fetched: what Git LFS stores, or a submodule. Pointers and empty folders would be shipped in their place.",
    fix: "Give actions/checkout `lfs: true` or `submodules: true` (the called workflow: `lfs`, `submodules`), and leave out with `exclude` what no server needs.",
  },
  "credentials-found": {
    cause:
      "A file that is to be packed holds a private key, a token or a password, which every server would get.",
    fix: "Leave it out with `exclude`, or allow it by its path with `allow-credentials`.",
  },
  "file-too-large": {
    cause: "A file is larger than a tar entry holds.",
    fix: "Leave it out with `exclude` and bring it to the servers another way.",
  },
  "filter-missing": {
    cause: "A file that `upload.filter` names is not in the repository.",
    fix: "Check the path: it is relative to the repository, and the file must be checked out before packing.",
  },
  "filter-refused": {
    cause: "rsync cannot read a filter file of `upload.filter`, or the tree through it.",
    fix: 'Mend what rsync says; `rsync -n -r --filter="merge FILE" SOURCE/ /tmp/x` tries it.',
  },
  "filter-tool": {
    cause: "`upload.filter` is rsync's own language, but rsync cannot be run on the machine that packs.",
    fix: "Install rsync there (`apt-get install rsync`), or say it with `exclude`.",
  },
  "link-refused": {
    cause: "A symbolic link in the tree leads outside it, is absolute, or cannot be written down.",
    fix: "Make the link relative and let it stay inside the folder, leave it out with `exclude`, or declare the path as shared.",
  },
  "mode-refused": {
    cause: "A file or folder has permission bits that a release does not carry.",
    fix: "Change it with chmod (`chmod u+rwX,ug-s,-t`) before packing, or leave it out with `exclude`.",
  },
  "name-refused": {
    cause:
      "A file name holds bytes that cannot travel safely: control characters, a backslash or invalid UTF-8.",
    fix: "Rename the file, or leave it out with `exclude`.",
  },
  "revision-refused": {
    cause: "The top-level file REVISION is written by deploy itself in every release.",
    fix: "Rename yours, or leave it out with `exclude`.",
  },
  "source-changed": {
    cause: "A file changed while it was being packed, so the release would be no single state.",
    fix: "Let the build end before packing, then run it again.",
  },
  "source-empty": {
    cause: "The folder to pack holds no file.",
    fix: "Check `source` and `exclude`, and that the build wrote there.",
  },
  "source-missing": {
    cause: "The folder to pack does not exist or is no folder.",
    fix: "Check `source`, and that the build ran first.",
  },
  "source-unreadable": {
    cause: "A file of the tree cannot be read by this user.",
    fix: "Change its owner or mode, or leave it out with `exclude`.",
  },
} as const satisfies Codes;
