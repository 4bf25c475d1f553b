import type { Migration } from 'kysely/migration'

/** Every migration by its name (`NNNN-what-it-does`), in the order in which they run. */
export const migrations: Record<string, Migration> = {}
