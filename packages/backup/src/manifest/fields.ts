/** Why a manifest cannot be one: caught where it is parsed. */
export class Malformed extends Error {}

type Json = Readonly<Record<string, unknown>>;

/** Reads one field after the other of an object that somebody else may have written: nothing but what is asked for is taken. */
export class Fields {
  readonly #object: Json;
  readonly #path: string;

  constructor(value: unknown, path = "") {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new Malformed(path === "" ? "it is no object" : `${path} is no object`);
    }
    this.#object = value as Json;
    this.#path = path;
  }

  object(name: string): Fields {
    return new Fields(this.#get(name), this.#name(name));
  }

  optionalObject(name: string): Fields | undefined {
    return this.#get(name) === undefined ? undefined : this.object(name);
  }

  /** One line of at most 4096 characters. */
  text(name: string, pattern = /^/): string {
    return this.#text(this.#get(name), this.#name(name), pattern);
  }

  optionalText(name: string): string | undefined {
    return this.#get(name) === undefined ? undefined : this.text(name);
  }

  /** `true`, or not there. */
  optionalFlag(name: string): boolean {
    const value = this.#get(name);
    if (value !== undefined && value !== true) throw new Malformed(`${this.#name(name)} is not true`);
    return value === true;
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T {
    const value = this.#get(name);
    const found = values.find((each) => each === value);
    if (found === undefined) throw new Malformed(`${this.#name(name)} is none of ${values.join(", ")}`);
    return found;
  }

  /** A whole number, 0 or more. */
  count(name: string): number {
    const value = this.#get(name);
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
      throw new Malformed(`${this.#name(name)} is no whole number`);
    }
    return value;
  }

  texts(name: string, pattern = /^/): readonly string[] {
    const value = this.#get(name);
    if (!Array.isArray(value)) throw new Malformed(`${this.#name(name)} is no list`);
    return value.map((each, at) => this.#text(each, `${this.#name(name)}/${at}`, pattern));
  }

  #get(name: string): unknown {
    return Object.hasOwn(this.#object, name) ? this.#object[name] : undefined;
  }

  #name(name: string): string {
    return this.#path === "" ? name : `${this.#path}/${name}`;
  }

  #text(value: unknown, name: string, pattern: RegExp): string {
    if (typeof value !== "string" || value.length > 4096 || /\p{Cc}/u.test(value) || !pattern.test(value)) {
      throw new Malformed(`${name} is not as we write it`);
    }
    return value;
  }
}
