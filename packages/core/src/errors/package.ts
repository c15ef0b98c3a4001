import type { Codes } from "./codes.ts";

/** Packages, their repositories, and what signs them. */
export const packageCodes = {
  "signing-key": {
    cause: "There is no key to sign with, or it is of another kind than P-256.",
    fix: "Make one with `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`, and give it whole, as a secret.",
  },
} as const satisfies Codes;
