import { openEmbedded } from '../../src/database/embedded.ts'

// A program that joins the embedded server of the home it is given, says so, and stays until its
// standard input ends; then it leaves. With `exit` it ends at once, without leaving. Started by the
// supervisor's tests.
const server = await openEmbedded(process.argv[2] ?? '')
console.log('joined')
if (process.argv[3] === 'exit') process.exit(0)
process.stdin.resume()
process.stdin.once('end', () => void server.leave())
