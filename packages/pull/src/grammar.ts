/** What words of a pointer look like. The puller's own checks, in pointer.sh, are these. */
export const release = /^[0-9][A-Za-z0-9._-]{0,63}$/;
export const digest = /^[0-9a-f]{64}$/;
export const commit = /^([0-9a-f]{40}|[0-9a-f]{64})$/;
export const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const encoding = /^(gzip|zstd|none)$/;
/** Shells count with so many digits, and take a leading 0 for octal. */
export const count = /^(0|[1-9]\d{0,14})$/;
export const url = /^https?:\/\/[!-~]{1,1000}$/;
/** Of what is shared: relative, below nothing that leads out. */
export const path = /^(?!.*(^|\/)(\.\.?)?(\/|$))[^\p{Cc}]{1,500}$/u;
export const command = /^[^\p{Cc}\s][^\p{Cc}]{0,1999}$/u;

/** The first line. Another number is another format, which older machines refuse. */
export const head = "deploy-pointer 1";
/** Ends what is signed; the signature follows on a line of its own, as base64 of DER. */
export const divider = "-- signature p256-sha256 --";
/** Bytes of a whole pointer that anybody reads. */
export const longest = 65_536;
