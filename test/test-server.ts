/** The PostgreSQL of a test run, as the setup passes it to the test files. */
export type TestServer = {
  /** Address of a database that may be connected to in order to create and drop others. */
  adminUrl: string
  /** The migrated database that copies are made of. */
  template: string
  /** What the names of all databases of this run begin with. */
  prefix: string
}

/** The address of another database on the server that `url` names. */
export function addressOf(url: string, database: string): string {
  const address = new URL(url)
  address.pathname = `/${database}`
  return address.href
}
