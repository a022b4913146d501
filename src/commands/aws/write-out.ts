import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { obstaclesOf, planAccount } from '../../aws-setup/plan.ts'
import type { Setup } from '../../aws-setup/setup.ts'
import { cdkApp } from '../../aws-setup/template/cdk.ts'
import { printJson, printYaml } from '../../aws-setup/template/print.ts'
import { type Written, templateOf } from '../../aws-setup/template/template.ts'
import { MillraceError, messageOf, systemCodeOf } from '../../errors.ts'
import type { GlobalFlags } from '../terminal/flags.ts'
import { note } from '../terminal/notes.ts'
import { write } from '../terminal/stdout.ts'
import type { SetupFlags } from './flags.ts'
import { onAccounts } from './run.ts'

/** In which form, and where to. */
export interface OutFlags {
  readonly out?: 'cloudformation' | 'cdk'
  /** A file, or for a CDK app a folder. */
  readonly outPath?: string
}

/** Writes what is missing as a template or as a CDK app, instead of making it. The account is read, and nothing changed. */
export async function writeOut(setup: Setup, flags: SetupFlags & OutFlags, global: GlobalFlags): Promise<void> {
  await onAccounts(flags, setup, async ([account, ...others]) => {
    if (account === undefined || others.length > 0)
      throw new MillraceError('USAGE', 'A template is of one account. Name one profile or one role at a time.')
    const planned = await planAccount(account)
    const [obstacle] = obstaclesOf(planned)
    if (obstacle !== undefined) throw new MillraceError('SETTING_INVALID', `Nothing was written. ${obstacle}`)
    const { place } = account
    const where = `account ${place.accountId}, ${place.region}`
    const written = templateOf(`What logs need: setup ${setup.name} of millrace in ${where}`, planned.resources)
    if (Object.keys(written.template.Resources).length === 0)
      throw new MillraceError(
        'SETTING_INVALID',
        `Nothing was written: a stack would make nothing of setup ${setup.name} in ${where}. See with "millrace aws plan" what is there.`,
      )
    if (global.quiet !== true) for (const remark of written.remarks) note(remark)
    if (flags.out === 'cdk')
      return writeApp(`millrace-${setup.name}`, cdkApp(`millrace-${setup.name}`, place, written), flags.outPath)
    await writeTemplate(written, flags.outPath, global)
  })
}

async function writeTemplate(written: Written, path: string | undefined, { output }: GlobalFlags): Promise<void> {
  const isJson = path === undefined ? output === 'json' : path.endsWith('.json')
  const text = isJson ? printJson(written) : printYaml(written)
  if (path === undefined) return write(text)
  writeFiles([{ path, text }])
  note(`Written to ${path}. Its roles have names, so a stack of it needs --capabilities CAPABILITY_NAMED_IAM.`)
}

function writeApp(name: string, files: ReturnType<typeof cdkApp>, folder = name): void {
  if (entriesOf(folder).length > 0)
    throw new MillraceError(
      'USAGE',
      `${folder} is not empty, and nothing in it is overwritten. Take another --out-path.`,
    )
  writeFiles(files.map(({ path, text }) => ({ path: join(folder, path), text })))
  note(`Written to ${folder}. In there: npm install, npx cdk diff, npx cdk deploy.`)
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw new MillraceError('USAGE', `${folder} is no folder (${messageOf(error)}). Take another --out-path.`, error)
  }
}

function writeFiles(files: readonly { readonly path: string; readonly text: string }[]): void {
  for (const { path, text } of files)
    try {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    } catch (error) {
      throw new MillraceError('SOURCE_REFUSED', `${path} cannot be written (${messageOf(error)}).`, error)
    }
}
