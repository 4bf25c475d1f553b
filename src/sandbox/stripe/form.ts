import { invalidParameter } from './failure.ts'

/** A decoded form: texts at the leaves; a list is a tree with the keys 0, 1, 2… */
export type FormValue = string | FormTree
export interface FormTree {
  [key: string]: FormValue
}

/** Reads `a[b]=1&c[]=x&c[1]=y` as Stripe does: nested by brackets, empty brackets append. */
export function readForm(text: string): FormTree {
  const root = emptyTree()
  for (const [name, value] of new URLSearchParams(text)) put(root, name, value)
  return root
}

function put(root: FormTree, name: string, value: string): void {
  const path = name.split('[').map((part, index) => (index === 0 ? part : part.replace(/\]$/, '')))
  let tree = root
  for (const [depth, part] of path.entries()) {
    const key = part === '' && depth > 0 ? String(Object.keys(tree).length) : part
    if (depth === path.length - 1) {
      tree[key] = value
      return
    }
    const next = tree[key] ?? (tree[key] = emptyTree())
    if (typeof next === 'string') throw invalidParameter(`Invalid object: ${name}`, name)
    tree = next
  }
}

/** Without a prototype: a parameter may be called `constructor`. */
function emptyTree(): FormTree {
  return Object.create(null) as FormTree
}

/** The same tree as one text whatever the order of its keys; two requests are equal when these are. */
export function canonicalText(value: FormValue): string {
  if (typeof value === 'string') return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map(key => `${JSON.stringify(key)}:${canonicalText(value[key] ?? '')}`).join(',')}}`
}
