import { connect } from '../../src/database/connection.ts'
import { createJobs } from '../../src/jobs/jobs.ts'

// A worker that says when it has taken the job `endless` and never finishes it, on the database it
// is given. Started, and killed, by the tests of the jobs.
const database = await connect(process.argv[2] ?? '', {})
const jobs = createJobs(database, {
  scope: 'here',
  onError: error => console.error(error),
  pollSeconds: 0.5,
})
jobs.define('endless', {
  run: () => {
    console.log('taken')
    return new Promise(() => undefined)
  },
  retryLimit: 3,
  retryBackoff: false,
  retryDelaySeconds: 0,
  expireSeconds: 600,
  singleton: true,
})
await jobs.start()
