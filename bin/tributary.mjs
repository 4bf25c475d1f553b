#!/usr/bin/env node
// Runs the CLI on the Node that is installed beside it, so that an older system Node does not matter.
import '../scripts/start.mjs'
