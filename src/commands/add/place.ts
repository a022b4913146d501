import { realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { MillraceError } from '../../errors.ts'
import { isLogGroup, isPosted, readLogGroupUrl } from '../../stages/log-group.ts'
import { readS3Url } from '../../stages/s3.ts'

/** The URL of a bucket's folder or of a folder of this machine, as stages have it: with a slash at its end; or of a log group, or of what Firehose posts. */
export function placeOf(given: string): string {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(given) ?? []
  if (scheme === undefined || scheme === 'file') return folderUrl(scheme === undefined ? resolve(given) : pathOf(given))
  if (isLogGroup(given)) {
    readLogGroupUrl(given)
    return given
  }
  if (isPosted(given)) return postedUrl(given)
  if (!/^s3(gov|china|compat)?$/.test(scheme))
    throw new MillraceError(
      'SOURCE_UNSUPPORTED',
      `${given} is no source. Give a folder, s3://bucket/folder/, cloudwatch://region/log-group or firehose://name.`,
    )
  const { bucket, path } = readS3Url(given)
  return `${scheme}://${bucket}/${path === '' || path.endsWith('/') ? path : `${path}/`}`
}

function postedUrl(url: string): string {
  if (/^firehose:\/\/[\w.-]+$/.test(url)) return url
  throw new MillraceError('SOURCE_UNSUPPORTED', `${url} names nothing. Write it as firehose://NAME.`)
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url)
  } catch (error) {
    throw new MillraceError('SOURCE_UNSUPPORTED', `${url} is no URL of a file. Write it as file:///folder/.`, error)
  }
}

function folderUrl(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined)
    throw new MillraceError('SOURCE_MISSING', `${path} does not exist. Make the folder first, or name another.`)
  if (!stats.isDirectory())
    throw new MillraceError('SOURCE_UNSUPPORTED', `${path} is no folder. A single file is loaded with "millrace load".`)
  // Scripts take & for the beginning of a placeholder.
  const { href } = pathToFileURL(realpathSync(path))
  return `${href.replaceAll('&', '%26')}/`.replace(/\/{2,}$/, '/')
}
