/** A cursor over the text of a path or an intrinsic. */
export interface Scanner {
  /** Moves past `text` when it comes next. */
  take(text: string): boolean;
  expect(text: string): void;
  /** Moves past what a sticky expression matches here. */
  match(pattern: RegExp): string | undefined;
  /** A text in single or double quotes, its escapes resolved; undefined when no quote comes next. */
  quoted(): string | undefined;
  blanks(): void;
  atEnd(): boolean;
  fault(wanted: string): SyntaxError;
}

export function createScanner(text: string): Scanner {
  let at = 0;
  const fault = (wanted: string) => new SyntaxError(`Expected ${wanted} at position ${at} of '${text}'`);
  const take = (token: string) => {
    if (!text.startsWith(token, at)) return false;
    at += token.length;
    return true;
  };
  const match = (pattern: RegExp) => {
    const sticky = new RegExp(pattern.source, "y");
    sticky.lastIndex = at;
    const found = sticky.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  return {
    take,
    match,
    fault,
    expect(token) {
      if (!take(token)) throw fault(`'${token}'`);
    },
    quoted() {
      const mark = text.charAt(at);
      if (mark !== "'" && mark !== '"') return undefined;
      let value = "";
      for (let end = at + 1; end < text.length; end++) {
        const character = text.charAt(end);
        if (character === mark) {
          at = end + 1;
          return value;
        }
        // A backslash keeps the next character; what else it means is the caller's business.
        if (character === "\\") value += text.charAt(++end);
        else value += character;
      }
      throw fault(`a closing ${mark}`);
    },
    blanks: () => void match(/\s*/),
    atEnd: () => at >= text.length,
  };
}
