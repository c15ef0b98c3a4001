import { ftpSuite } from "./suite.ts";

ftpSuite({ kind: "proftpd", tls: "implicit" });
