export { type Judged, judge, type Refusal, type Standing } from "./judge.ts";
export type { Delta, Health, Parcel, Pointed, Pointer } from "./pointer.ts";
export { type Change, type Published, pointerKey, publishPointer } from "./publish.ts";
export { readPointer } from "./read.ts";
export { openSigned, signPointer } from "./signed.ts";
export { writePointer } from "./write.ts";
