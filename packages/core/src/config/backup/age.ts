/** The alphabet of Bech32 and its checksum's generators: github.com/bitcoin/bips/blob/master/bip-0173.mediawiki. */
const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
/** `age1…` for X25519, `age1pq1…` and the like for other native types; a plugin's would need its program. */
const shape = /^(age|age1(?:pq|tag|tagpq))1([02-9ac-hj-np-z]{58,4000})$/;

export const recipientPhrase = "an age recipient (age1…, what age-keygen prints as public key)";

/** An age recipient whose checksum is right, so that a mistyped one is no surprise after the approval; undefined for anything else. */
export function readRecipient(text: string): string | undefined {
  const [, prefix = "", data = ""] = shape.exec(text) ?? [];
  const letters = [...prefix].map((letter) => letter.charCodeAt(0));
  const values = [...data].map((letter) => alphabet.indexOf(letter));
  const whole = [...letters.map((code) => code >> 5), 0, ...letters.map((code) => code & 31), ...values];
  return data !== "" && checksum(whole) === 1 ? text : undefined;
}

function checksum(values: readonly number[]): number {
  return values.reduce((sum, value) => {
    const mixed = ((sum & 0x1ffffff) << 5) ^ value;
    return generators.reduce((next, mask, bit) => ((sum >>> 25) & (1 << bit) ? next ^ mask : next), mixed);
  }, 1);
}
