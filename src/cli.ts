#!/usr/bin/env node
import { run } from './commands/terminal/run.ts'

// The SDK tells of the Node that its versions of next year need; the ones here are pinned, and run on this.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
process.exitCode = await run(process.argv.slice(2))
