// Builds nodes, and changes only what has changed. Text is set as text: nothing here ever parses HTML.

const SVG = 'http://www.w3.org/2000/svg'

/** Sets the attributes that differ; `null` takes one away. */
export function mark(node: Element, attributes: Readonly<Record<string, string | null>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (node.getAttribute(name) === value) continue
    if (value === null) node.removeAttribute(name)
    else node.setAttribute(name, value)
  }
}

/** A new element with its `part` (which is its class, too, for our own style sheet), attributes and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  part: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag)
  mark(node, { part, class: part, ...attributes })
  node.append(...children)
  return node
}

/** A drawing of one stroke, which assistive technology does not see. */
export function icon(d: string): HTMLElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.append(document.createElementNS(SVG, 'path'))
  mark(svg, { viewBox: '0 0 24 24' })
  const node = make('span', 'icon', { 'aria-hidden': 'true' }, svg)
  draw(node, d)
  return node
}

/** Changes a drawing. */
export function draw(drawing: HTMLElement, d: string): void {
  const path = drawing.querySelector('path')
  if (path) mark(path, { d })
}

/** Shows or hides. */
export function show(node: HTMLElement, isShown: boolean): void {
  if (node.hidden === isShown) node.hidden = !isShown
}

/** Sets the text where it differs, and hides the node while it is empty. */
export function put(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text
  show(node, text !== '')
}

/** Puts each text in its place. */
export function fill<L extends string>(
  places: Readonly<Record<L, HTMLElement>>,
  texts: Readonly<Record<L, string>>,
): void {
  for (const name of Object.keys(places) as L[]) put(places[name], texts[name])
}
