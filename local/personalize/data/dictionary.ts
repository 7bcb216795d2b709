/**
 * Distinct texts, each with a code: 0, 1, 2 ... in order of first appearance. Works on bytes, so that looking a field of
 * a CSV row up allocates nothing.
 *
 * Open addressing over (hash, code + 1, place, length): a probe touches one cache line before it compares the text.
 */
export interface DictionaryBytes {
  /** All texts in code order, one after the other. */
  readonly bytes: Uint8Array;
  /** (size) where each text ends in `bytes`. */
  readonly ends: Uint32Array;
  /** The table by which texts are found; without it, it is made anew, which for a million texts takes most of a second. */
  readonly slots?: Int32Array;
}

export interface Dictionary {
  readonly size: number;
  /** The code of bytes[start, end); a new one when the text is new. */
  add(bytes: Uint8Array, start: number, end: number): number;
  /** Like `add`, for text. */
  addText(text: string): number;
  find(text: string): number | undefined;
  text(code: number): string;
  /** Views of the insides; valid until the next `add`. */
  freeze(): DictionaryBytes;
}

export interface DictionaryOptions {
  /** Called before a new text is taken in; throws to refuse it. */
  readonly check?: (bytes: Uint8Array, start: number, end: number) => void;
  readonly from?: DictionaryBytes;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let p = start; p < end; p++) hash = Math.imul(hash ^ (bytes[p] as number), 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
}

const slotWords = 4;

class ByteDictionary implements Dictionary {
  size = 0;
  private slots: Int32Array = new Int32Array(slotWords * 1024);
  private mask = 1023;
  private texts: Uint8Array = new Uint8Array(16 * 1024);
  private ends: Uint32Array = new Uint32Array(1024);
  private readonly check: DictionaryOptions["check"];

  constructor({ check, from }: DictionaryOptions) {
    if (from?.slots && from.slots.length > 0) this.adopt(from, from.slots);
    else this.addAll(from);
    this.check = check;
  }

  private adopt({ bytes, ends }: DictionaryBytes, slots: Int32Array): void {
    // Views of the caller's memory: full to the brim, so that adding a text makes them grow into memory of their own.
    [this.size, this.texts, this.ends, this.slots] = [ends.length, bytes, ends, slots.slice()];
    this.mask = slots.length / slotWords - 1;
  }

  private addAll(from: DictionaryBytes | undefined): void {
    for (let code = 0, start = 0; from && code < from.ends.length; start = from.ends[code++] as number) {
      this.add(from.bytes, start, from.ends[code] as number);
    }
  }

  add(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end);
    const slot = this.slotOf(hash, bytes, start, end);
    const held = this.slots[slot + 1] as number;
    if (held !== 0) return held - 1;
    this.check?.(bytes, start, end);
    return this.insert(slot, hash, bytes, start, end);
  }

  addText(text: string): number {
    const bytes = encoder.encode(text);
    return this.add(bytes, 0, bytes.length);
  }

  find(text: string): number | undefined {
    const bytes = encoder.encode(text);
    const slot = this.slotOf(hashOf(bytes, 0, bytes.length), bytes, 0, bytes.length);
    const held = this.slots[slot + 1] as number;
    return held === 0 ? undefined : held - 1;
  }

  text(code: number): string {
    if (code < 0 || code >= this.size) throw new RangeError(`No text has code ${code}: there are ${this.size}`);
    return decoder.decode(this.texts.subarray(code === 0 ? 0 : this.ends[code - 1], this.ends[code]));
  }

  freeze(): DictionaryBytes {
    const { slots } = this;
    return { bytes: this.texts.subarray(0, this.textLength()), ends: this.ends.subarray(0, this.size), slots };
  }

  private textLength(): number {
    return this.size === 0 ? 0 : (this.ends[this.size - 1] as number);
  }

  /** Where the text's slot begins, or the empty one that it may take. */
  private slotOf(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const { slots, mask } = this;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const slot = slotWords * at;
      if (slots[slot + 1] === 0) return slot;
      if (
        slots[slot] === hash &&
        slots[slot + 3] === end - start &&
        this.equals(slots[slot + 2] as number, bytes, start, end)
      ) {
        return slot;
      }
    }
  }

  private equals(place: number, bytes: Uint8Array, start: number, end: number): boolean {
    const { texts } = this;
    for (let p = start, q = place >>> 0; p < end; p++, q++) if (texts[q] !== bytes[p]) return false;
    return true;
  }

  private insert(slot: number, hash: number, bytes: Uint8Array, start: number, end: number): number {
    const code = this.size;
    const place = this.textLength();
    this.reserve(place + end - start, code + 1);
    this.texts.set(bytes.subarray(start, end), place);
    this.ends[code] = place + end - start;
    this.slots.set([hash, code + 1, place, end - start], slot);
    this.size++;
    if (2 * this.size > this.mask) this.rehash();
    return code;
  }

  private reserve(byteCount: number, count: number): void {
    if (byteCount > 0xffffffff) throw new RangeError("The distinct texts of one column exceed 4 GiB");
    if (byteCount > this.texts.length) {
      const grown = new Uint8Array(Math.min(0xffffffff, Math.max(byteCount, 2 * this.texts.length)));
      grown.set(this.texts);
      this.texts = grown;
    }
    if (count > this.ends.length) {
      const grown = new Uint32Array(2 * this.ends.length);
      grown.set(this.ends);
      this.ends = grown;
    }
  }

  private rehash(): void {
    const old = this.slots;
    this.mask = 2 * this.mask + 1;
    this.slots = new Int32Array(slotWords * (this.mask + 1));
    for (let from = 0; from < old.length; from += slotWords) {
      if (old[from + 1] === 0) continue;
      let at = (old[from] as number) & this.mask;
      while (this.slots[slotWords * at + 1] !== 0) at = (at + 1) & this.mask;
      this.slots.set(old.subarray(from, from + slotWords), slotWords * at);
    }
  }
}

export function createDictionary(options: DictionaryOptions = {}): Dictionary {
  return new ByteDictionary(options);
}
