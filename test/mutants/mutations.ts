/** A defect made on purpose: one small replacement in the product, and what has to notice it. */
export interface Mutation {
  readonly name: string
  readonly file: string
  /** Stands in the file exactly once. */
  readonly from: string
  readonly to: string
  /** What would happen to the money, or to the proof of it. */
  readonly breaks: string
  /** Test files, played with the defect inside; one that fails has caught it. */
  readonly tests: readonly string[]
  /** Seeds of the simulation that notice it too; played when no test does, or is named. */
  readonly seeds?: { readonly first: number; readonly count: number; readonly steps: number }
}

const some = { first: 1, count: 20, steps: 80 }

/** Every promise about money that one careless line could break, with that line. */
export const mutations: readonly Mutation[] = [
  {
    name: 'a fresh key for every attempt to hear an answer',
    file: 'src/workflows/resolve-movement.ts',
    from: '.send(movement, idempotencyKey(movement.id, movement.attempt))',
    to: '.send(movement, idempotencyKey(movement.id, movement.attempt + 1_000))',
    breaks: 'what was moved and not answered is moved again',
    tests: ['test/workflows/defects-money.test.ts'],
    seeds: some,
  },
  {
    name: 'no answer is taken for a refusal',
    file: 'src/adapters/stripe/outcome.ts',
    from: 'if (status === undefined || status < 400) return unknown(message)',
    to: "if (status === undefined || status < 400) return rejected('provider_refused', code, message)",
    breaks: 'what was moved is called failed, and moved again',
    tests: ['src/adapters/stripe/outcome.test.ts'],
    seeds: some,
  },
  {
    name: 'a 5xx is taken for a refusal',
    file: 'src/adapters/stripe/outcome.ts',
    from: 'if (status >= 500) return unknown(message, isReplayed(error))',
    to: "if (status >= 500) return rejected('provider_refused', code, message)",
    breaks: 'what was moved is called failed, and moved again',
    tests: ['src/adapters/stripe/outcome.test.ts'],
    seeds: some,
  },
  {
    name: 'an event is applied without compare-and-set',
    file: 'src/store/movement-sending.ts',
    from: `        .where('status', '=', movement.status)
        .where('attempt', '=', movement.attempt)
        .returning('id'),`,
    to: `        .where('attempt', '=', movement.attempt)
        .returning('id'),`,
    breaks: 'the event and the answer of the call are both recorded',
    tests: ['test/workflows/overlapping.test.ts'],
  },
  {
    name: 'a move without compare-and-set',
    file: 'src/store/movement-sending.ts',
    from: `        .where('attempt', '=', movement.attempt)
        .returning('id'),`,
    to: "        .returning('id'),",
    breaks: 'the late answer of an earlier attempt ends the next one',
    tests: ['test/workflows/overlapping.test.ts'],
  },
  {
    name: 'a plan is written without the lock of its row',
    file: 'src/store/movement-plans.ts',
    from: `    .orderBy('id')
    .forUpdate()
    .execute()`,
    to: `    .orderBy('id')
    .execute()`,
    breaks: 'two runs decide on the same row, and the journal has a move that never was',
    tests: ['test/workflows/overlapping.test.ts'],
  },
  {
    name: 'a checkpoint is moved before the write',
    file: 'src/workflows/read-orders.ts',
    from: `    firstAt ??= page.at
    await storePage(work, page)`,
    to: `    firstAt ??= page.at
    const early = new Date(firstAt.getTime() - overlapSeconds * 1000)
    const now = work.clock.now()
    await advanceCheckpoint(database.queries, environment.id, feed.checkpoint, early, now)
    await storePage(work, page)`,
    breaks: 'an order whose reading was cut short is never read again',
    tests: ['test/workflows/overlapping.test.ts'],
    seeds: some,
  },
  {
    name: 'the signature of a webhook is not checked',
    file: 'src/adapters/stripe/events.ts',
    from: 'if (problem === null) return readVerified(body, options)',
    to: 'if (problem !== null || secret) return readVerified(body, options)',
    breaks: 'anybody can tell us that money has moved',
    tests: ['src/adapters/stripe/events.test.ts'],
    seeds: some,
  },
  {
    name: 'the capture forgets refused lines',
    file: 'src/domain/plan-capture.ts',
    from: 'amount: sum(parts),',
    to: 'amount: 0n,',
    breaks: 'customers pay for what they do not get',
    tests: ['src/domain/plan-capture.test.ts'],
    seeds: some,
  },
  {
    name: 'the split forgets earlier refunds',
    file: 'src/domain/plan-transfer.ts',
    from: 'toSeller: share - refunds.amount - commission - tax,',
    to: 'toSeller: share - commission - tax,',
    breaks: 'a seller is paid for what was given back',
    tests: ['src/domain/plan-transfer.test.ts'],
  },
  {
    name: 'a payout is called done when it is sent',
    file: 'src/adapters/stripe/states.ts',
    from: `    case 'pending':
    case 'in_transit':
      return { result: 'accepted', providerId: payout.id, detail }`,
    to: `    case 'pending':
    case 'in_transit':
      return { result: 'succeeded', providerId: payout.id, detail }`,
    breaks: 'a cycle is told as paid before the money is there',
    tests: ['test/workflows/settlement.test.ts'],
    seeds: some,
  },
  {
    name: 'the books forget a posting',
    file: 'src/store/movement-sending.ts',
    from: '  await bookMove(queries, environmentId, { movement, from: movement.status, to: move.to }, move.now)\n',
    to: '',
    breaks: 'balances no longer say where the money is',
    tests: ['test/workflows/ledger.test.ts'],
    seeds: some,
  },
  {
    name: 'a debt is set off twice',
    file: 'src/workflows/debt-facts.ts',
    from: 'collectable: debt.openCollectable - elsewhere,',
    to: 'collectable: debt.openCollectable,',
    breaks: 'a seller pays the same debt with two payouts',
    tests: ['test/workflows/debts.test.ts'],
  },
  {
    name: "a dispute's restitution goes twice",
    file: 'src/domain/plan-dispute.ts',
    from: "    kind: 'restitution',\n    source: sourceOf(facts),",
    to: "    kind: 'restitution',\n    source: { ...sourceOf(facts), sequence: Date.now() % 1e9 },",
    breaks: 'a seller gets a disputed share back again and again',
    tests: ['test/workflows/disputes.test.ts', 'test/workflows/debts.test.ts'],
  },
  {
    name: 'the lease of another worker is ignored',
    file: 'src/store/movement-sending.ts',
    from: "        .where('lease_until', '<=', claim.now)\n",
    to: '',
    breaks: 'what one worker is sending is asked by a second one',
    tests: ['src/store/movement-sending.test.ts'],
  },
  {
    name: 'sent again although the key has expired',
    file: 'src/workflows/resolve-movement.ts',
    from: 'const lookUp = !keyIsKept || movement.failure?.code === lookUpCode',
    to: 'const lookUp = false',
    breaks: 'the provider has forgotten the key and moves the amount again',
    tests: ['test/workflows/defects-money.test.ts'],
    seeds: some,
  },
  {
    name: 'unanswered movements are not taken up again',
    file: 'src/workflows/send-movements.ts',
    from: 'await attempted(work, movement, resolveMovement(work, movement))',
    to: 'await Promise.resolve(resolveMovement.name)',
    breaks: 'a movement without an answer waits for ever',
    tests: ['test/workflows/defects-money.test.ts'],
    seeds: some,
  },
]
