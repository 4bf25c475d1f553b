import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { twoEnvironments } from '../../test/builders/environment.ts'
import { at } from '../../test/builders/moments.ts'
import { accountOf, sellerOf } from '../../test/builders/seller.ts'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from '../database/connection.ts'
import type { Account, Seller } from '../domain/seller.ts'
import { accountById, accountsToLookAt, loseAccount, saveAccount } from './accounts.ts'
import {
  changeSeller,
  dueSellers,
  markSellersDue,
  saveSellers,
  sellersOfAccount,
  sellersWithAccounts,
} from './sellers.ts'

let database: Database
let [own, other] = ['', '']
beforeAll(async () => {
  database = await openTestDatabase({ poolSize: 2 })
  ;[own, other] = await twoEnvironments(database)
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.queries.deleteFrom('sellers').execute()
  await database.queries.deleteFrom('accounts').execute()
})

const save = (sellers: Seller[], environment = own) =>
  saveSellers(database.queries, environment, sellers)
const change = (id: string, changed: Parameters<typeof changeSeller>[3]) =>
  changeSeller(database.queries, own, id, changed)
const due = async (query: Partial<Parameters<typeof dueSellers>[2]> = {}) => {
  const whole = { after: '', limit: 9, now: at('10:00'), ...query }
  return (await dueSellers(database.queries, own, whole)).map(seller => seller.id)
}
const read = async (id = '2001') => (await sellersWithAccounts(database.queries, own, [id])).get(id)

describe('sellers', () => {
  it('come back as the marketplace showed them', async () => {
    const seller = sellerOf({ kyc: { status: 'APPROVED', reason: null }, website: 'https://x.eu' })
    await save([seller])
    expect((await read())?.seller).toEqual({
      ...seller,
      accountId: null,
      accountAttempt: 0,
      accountProblem: null,
      accountRefused: false,
      linkVersion: 1,
      kycTold: null,
    })
    expect(await read('2009')).toBeUndefined()
    expect(await sellersWithAccounts(database.queries, own, [])).toEqual(new Map())
    expect(await sellersWithAccounts(database.queries, other, ['2001'])).toEqual(new Map())
  })

  it('keep what is our own when the marketplace shows them anew, and become due', async () => {
    await save([sellerOf(), sellerOf({ name: 'the last one counts' })])
    await change('2001', {
      account_id: 'acct_1',
      account_attempt: 2,
      link_version: 3,
      kyc_told_status: 'APPROVED',
      due: false,
    })
    expect(await due()).toEqual([])
    await save([sellerOf({ name: 'New name', ignored: true })])
    expect((await read())?.seller).toMatchObject({
      name: 'New name',
      ignored: true,
      accountId: 'acct_1',
      accountAttempt: 2,
      linkVersion: 3,
      kycTold: { status: 'APPROVED', reason: '' },
    })
    expect(await due()).toEqual(['2001'])
    await save([])
  })

  it('are due one page after the other, not before their time', async () => {
    await save(['2001', '2002', '2003'].map(id => sellerOf({ id })))
    await change('2002', { look_at: at('10:01') })
    expect(await due()).toEqual(['2001', '2003'])
    expect(await due({ now: at('10:01'), after: '2001' })).toEqual(['2002', '2003'])
    expect(await due({ limit: 1 })).toEqual(['2001'])
    expect(await due({ sellerId: '2003' })).toEqual(['2003'])
  })

  it('defect 22: one account serves several shops, and news of it is for all of them', async () => {
    await save(['2001', '2002', '2003'].map(id => sellerOf({ id })))
    await saveAccount(database.queries, own, 'stripe', accountOf(), at('09:00'), null)
    for (const id of ['2001', '2002']) await change(id, { account_id: 'acct_1', due: false })
    await change('2003', { due: false })
    const shops = await sellersOfAccount(database.queries, own, 'acct_1')
    expect(shops.map(seller => seller.id)).toEqual(['2001', '2002'])
    const found = await sellersWithAccounts(database.queries, own, ['2001', '2002', '2003'])
    expect([...found.values()].map(each => each.account?.id)).toEqual([
      'acct_1',
      'acct_1',
      undefined,
    ])
    await change('2001', { look_at: at('23:00') })
    await markSellersDue(database.queries, own, 'acct_1')
    expect(await due()).toEqual(['2001', '2002'])
  })
})

describe('accounts', () => {
  const saveSight = (account: Account, seenAt: Date, lookAt: Date | null = null, changed = true) =>
    saveAccount(database.queries, own, 'stripe', account, seenAt, lookAt, changed)
  const sight = () => accountById(database.queries, own, 'acct_1')

  it('come back as the provider showed them', async () => {
    const account = accountOf({
      currentlyDue: ['a', 'b'],
      pendingVerification: ['c'],
      country: null,
    })
    await saveSight(account, at('09:00'))
    expect(await sight()).toEqual({ ...account, changedAt: at('09:00') })
    expect(await accountById(database.queries, other, 'acct_1')).toBeNull()
  })

  it('are never replaced by an older sight', async () => {
    await saveSight(accountOf(), at('09:00'))
    await saveSight(accountOf({ payoutsEnabled: false }), at('08:59'))
    expect(await sight()).toMatchObject({ payoutsEnabled: true, changedAt: at('09:00') })
    await saveSight(accountOf({ payoutsEnabled: false }), at('09:01'))
    expect(await sight()).toMatchObject({ payoutsEnabled: false, changedAt: at('09:01') })
  })

  it('keep the time of their last change when only the sight is new', async () => {
    await saveSight(accountOf(), at('09:00'))
    await saveSight(accountOf(), at('09:30'), null, false)
    expect(await sight()).toMatchObject({ changedAt: at('09:00') })
  })

  it('are looked at when it is time, those that wait longest first', async () => {
    await saveSight(accountOf({ id: 'acct_1' }), at('09:00'), at('10:00'))
    await saveSight(accountOf({ id: 'acct_2' }), at('09:00'), at('09:30'))
    await saveSight(accountOf({ id: 'acct_3' }), at('09:00'), null)
    const look = async (now: Date, limit = 9) =>
      (await accountsToLookAt(database.queries, own, now, limit)).map(account => account.id)
    expect(await look(at('09:59'))).toEqual(['acct_2'])
    expect(await look(at('10:00'))).toEqual(['acct_2', 'acct_1'])
    expect(await look(at('10:00'), 1)).toEqual(['acct_2'])
  })

  it('that were lost can do nothing and are not looked at', async () => {
    await saveSight(accountOf(), at('09:00'), at('09:30'))
    await loseAccount(database.queries, own, 'acct_1', at('09:10'))
    expect(await sight()).toMatchObject({
      standing: 'lost',
      transfersActive: false,
      payoutsEnabled: false,
      chargesEnabled: false,
      changedAt: at('09:10'),
    })
    expect(await accountsToLookAt(database.queries, own, at('23:00'), 9)).toEqual([])
  })
})
