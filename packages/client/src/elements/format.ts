// Numbers and spans of time in the language of the page.

/** Writes numbers for people. */
export interface Format {
  /** `1,234.5` */
  number(value: number): string
  /** `43%`, of 0 to 100; rounded down, for 99.9 is not done. */
  percent(value: number): string
  /** An amount of a unit: `1,000 rows`; bytes as `1.2 MB`. */
  amount(value: number, unit: string): string
  /** `2 min, 5 sec`: the two greatest units, at least a second. */
  duration(ms: number): string
}

const BYTES: readonly string[] = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']
const SPANS: readonly (readonly [unit: string, seconds: number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]

/** The form of a language. One that the platform does not know, or no language tag at all, gives the platform's own. */
export function createFormat(lang: string): Format {
  const locale = known(lang)
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const percents = new Intl.NumberFormat(locale, { style: 'percent' })
  // The parts of a span are joined by a list: `Intl.DurationFormat` writes the same, where it exists.
  const list = new Intl.ListFormat(locale, { type: 'unit', style: 'short' })
  const withUnit = (value: number, unit: string): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(value)
  return {
    number: (value) => numbers.format(value),
    percent: (value) => percents.format(Math.floor(value) / 100),
    amount(value, unit) {
      // Tenths of hundreds of rows are nobody's business.
      if (!isBytes(unit)) return `${numbers.format(value < 100 ? value : Math.round(value))} ${unit}`.trim()
      const size = Math.min(4, Math.floor(Math.log10(Math.max(1, value)) / 3))
      return withUnit(value / 1_000 ** size, BYTES[size] ?? 'byte')
    },
    duration(ms) {
      const seconds = Math.max(1, Math.round(ms / 1_000))
      const first = SPANS.findIndex(([, span]) => seconds >= span)
      let rest = seconds
      const parts = SPANS.slice(first, first + 2).map(([unit, span]) => {
        const count = Math.floor(rest / span)
        rest %= span
        return count > 0 ? withUnit(count, unit) : ''
      })
      return list.format(parts.filter(Boolean))
    },
  }
}

/** Is the unit bytes, which are written as kB, MB and so on? */
export function isBytes(unit: string): boolean {
  return /^bytes?$/i.test(unit)
}

function known(lang: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(lang || [])[0]
  } catch {
    return undefined // the attribute `lang` may hold anything
  }
}
