#!/usr/bin/env node
import { run } from './commands/terminal/run.ts'

process.exitCode = await run(process.argv.slice(2))
