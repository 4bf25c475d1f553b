import type { Order } from './model.ts'
import { debitView, refundOrderView } from './payment-view.ts'
import type { Store } from './store.ts'

export interface Push {
  /** Resolves when every push that was begun has been answered or has failed. */
  settled(): Promise<void>
}

/**
 * What Mirakl sends by itself: ORDER webhooks and the customer debit and refund connectors.
 * A push that fails is lost: no retry policy is documented, polling has to repair it.
 */
export function createPush(store: Store, send: typeof fetch | undefined): Push {
  const under = new Set<Promise<void>>()
  const post = (address: string, body: () => unknown, authorization = ''): void => {
    if (send === undefined || address === '') return
    const sent = send(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(authorization === '' ? {} : { authorization }),
      },
      body: JSON.stringify(body()),
    }).then(
      () => undefined,
      () => undefined,
    )
    under.add(sent)
    void sent.finally(() => under.delete(sent))
  }
  store.stateListeners.push((order, from, to) => {
    const { webhookUrl, webhookAuthorization } = store.settings
    post(webhookUrl, () => webhookBody(order, from, to), webhookAuthorization)
  })
  store.debitListeners.push(debit => {
    post(store.settings.debitPushUrl, () => ({ order: [debitView(store, debit)] }))
  })
  store.refundListeners.push(order => {
    post(store.settings.refundPushUrl, () => ({ order: [refundOrderView(order)] }))
  })
  return {
    async settled() {
      while (under.size > 0) await Promise.all(under)
    },
  }
}

function webhookBody(order: Order, from: string, to: string): unknown {
  const changes = [{ field: 'STATE', from, to }]
  return { event_type: 'ORDER', payload: [{ id: order.id, type: 'UPDATE', details: { changes } }] }
}
