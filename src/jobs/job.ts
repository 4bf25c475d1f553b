/** What JSON can carry: amounts travel as text. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** What a job is told: the environment it works for, and whatever else narrows the work down. */
export type JobPayload = { readonly environment: string; readonly [key: string]: Json }

/** One attempt at one job, as its code sees it. */
export type RunContext = {
  /** Aborted when the run must stop: it took too long, was cancelled, or the program is stopping. */
  signal: AbortSignal
  /** 1 for the first attempt. */
  attempt: number
}

/** An attempt that threw. */
export type RunFailure = { name: string; payload: JobPayload; attempt: number; error: unknown }

/** What a job does, and how its failures are treated. */
export type JobDefinition = {
  /** Does the work; throws when it should be tried again. */
  run(payload: JobPayload, context: RunContext): Promise<void>
  /** Attempts after the first one; 0 for none. */
  retryLimit: number
  /** True: the pause doubles with each attempt (with some jitter), up to an hour. */
  retryBackoff: boolean
  /** The pause before the first retry; 5 by default. */
  retryDelaySeconds?: number
  /** A run that takes longer is told to stop and is tried again. */
  expireSeconds: number
  /**
   * True: for one key (the environment, unless `enqueue` gives another) at most one run at a time and
   * at most one waiting, however many programs work. False: every enqueued job runs.
   */
  singleton: boolean
  /** Runs at once in this program, for different keys; 2 by default. */
  concurrency?: number
}

/** How many jobs of one name are in each state; a few seconds old. */
export type JobStates = {
  name: string
  /** Due now, and not yet taken by a worker. */
  ready: number
  /** Waiting for their time: a delay, or the pause before a retry. */
  deferred: number
  active: number
  /** Given up, in the last day. */
  failed: number
}

/** A job that is enqueued by the clock. */
export type JobSchedule = {
  name: string
  environment: string
  /** Five fields, as crontab(5) has them. */
  cron: string
  /** An IANA name, `Europe/Paris`. */
  timeZone: string
}
