// A text that a peer may have chosen comes in, one line that is safe in a terminal and in a log goes out.

const MAX_CHARS = 400

/** The text without line breaks, escape codes and invisible characters, and not too long. */
export function printable(text: string): string {
  const short = text.length <= MAX_CHARS ? text : `${text.slice(0, MAX_CHARS)}…`
  return short.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0
    return `\\u{${code.toString(16)}}`
  })
}
