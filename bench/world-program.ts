// The simulated Mirakl and Stripe in a program of their own: their memory and calls are not ours.
import { giveAnswer, givenTask } from './child.ts'
import { openWorld, type WorldTask } from './world.ts'

process.once('disconnect', () => process.exit())
giveAnswer(await openWorld(givenTask<WorldTask>()))
