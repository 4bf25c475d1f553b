import { openEmbedded } from '../../src/database/embedded.ts'

// A program that joins the embedded server of the home it is given, says so, and stays until its
// standard input ends; then it leaves. Started by the supervisor's tests.
const server = await openEmbedded(process.argv[2] ?? '')
console.log('joined')
process.stdin.resume()
process.stdin.once('end', () => void server.leave())
