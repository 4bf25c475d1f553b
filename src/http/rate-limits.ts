/**
 * Limits per address, the second line of the public routes. The first: a webhook needs a signature,
 * a seller's link counts its own clicks.
 */

/** A provider delivers from few addresses, and in bursts after an outage. */
export const webhookLimit = { max: 6000, timeWindow: '10 seconds' }

/** Sellers behind one company's address share it. */
export const linkLimit = { max: 120, timeWindow: '1 minute' }

/** The operator's own programs page through lists; whoever guesses the token is slowed down. */
export const apiLimit = { max: 600, timeWindow: '1 minute' }

/** Against the guessing of the operator's token; a page that refreshes itself needs 12. */
export const statusLimit = { max: 120, timeWindow: '1 minute' }
