// Elements that a page brings along.

/** The first one of this tag, and of this id where one is given. Throws where there is none: page and script do not match. */
export function find<K extends keyof HTMLElementTagNameMap>(tag: K, id = ''): HTMLElementTagNameMap[K] {
  const element = document.querySelector<HTMLElementTagNameMap[K]>(`${tag}${id && `#${id}`}`)
  if (element) return element
  throw new Error(`The page has no <${tag}> ${id}`)
}
