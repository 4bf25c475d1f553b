/** What a test plants at the tenant beside its trade: shop documents and corrupted answers. */
import { shopOf } from './shops.ts'
import type { Store } from './store.ts'

export interface DocumentInput {
  shopId: number
  fileName: string
  /** A code of DO01. */
  type: string
  /** Bytes, or text. */
  content?: Uint8Array | string
}

export type PatchTarget = 'order' | 'debit' | 'invoice' | 'cycle' | 'shop'

/** Uploads a document of a shop; returns its id. Throws on an unknown shop or type. */
export function addDocument(store: Store, input: DocumentInput): number {
  shopOf(store, input.shopId)
  if (!store.documentTypes.some(type => type.code === input.type)) {
    throw new Error(`There is no document type ${input.type}`)
  }
  const id = store.nextNumber('document')
  store.shopDocuments.set(id, {
    id,
    shopId: input.shopId,
    fileName: input.fileName,
    type: input.type,
    content: Buffer.from(input.content ?? input.fileName),
    uploadedAt: store.now(),
  })
  return id
}

/** Lays a patch over an answer from now on, or takes it away with null. */
export function setPatch(
  store: Store,
  target: PatchTarget,
  id: string | number,
  patch: Record<string, unknown> | null,
): void {
  if (patch === null) store.corruptions.delete(`${target}:${id}`)
  else store.corruptions.set(`${target}:${id}`, patch)
  const order = target === 'order' ? store.orders.get(String(id)) : undefined
  // An order that changes is an updated order: a connector that asks for changes must meet it.
  if (order === undefined) store.changed()
  else store.touch(order)
}
