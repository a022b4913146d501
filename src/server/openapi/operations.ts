import { z } from 'zod'
import { dashboardEntryShape, dashboardShape, storedDashboardShape } from '../../dashboard/shape.ts'
import { storedWorksheetShape, worksheetEntryShape, worksheetShape } from '../../worksheet/shape.ts'
import {
  backupShape,
  columnsLineShape,
  doctorShape,
  enginesShape,
  estimateLineShape,
  historyShape,
  lakeShape,
  loadLineShape,
  loadSummaryShape,
  namedQueryShape,
  queryLineShape,
  recordsShape,
  rejectsShape,
  replayShape,
  restoreShape,
  runLineShape,
  statusShape,
  versionShape,
  viewShape,
  whyShape,
} from '../answers.ts'
import {
  acceptChangeBody,
  directoryBody,
  historyParameters,
  loadBody,
  queryBody,
  recordsBody,
  rejectParameters,
  replayBody,
  runBody,
} from '../bodies.ts'
import {
  accessKeyShape,
  parkedParameters,
  parkedShape,
  pipeLoadShape,
  pipeShape,
  refreshBody,
  stagesShape,
} from '../pipe-shapes.ts'
import {
  historyScanParameters,
  historyScanShape,
  insertAnswerShape,
  insertFilesBody,
  insertFilesParameters,
  insertReportParameters,
  insertReportShape,
} from '../snowpipe-shapes.ts'
import { streamShape, taskHistoryParameters, taskRunsShape, taskShape } from '../task-shapes.ts'
import { firehoseAnswer, firehoseBody } from '../routes/firehose.ts'
import { whyParameters } from '../routes/why.ts'

/** One thing the API does. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** Below `/v1`, with `{name}` for what varies. */
  readonly path: string
  readonly summary: string
  readonly description?: string
  readonly parameters?: z.ZodObject
  readonly body?: z.ZodType
  /** The answer's JSON. */
  readonly answer?: z.ZodType
  /** Or one JSON value a line, as they come. */
  readonly lines?: z.ZodType
}

const paged = 'While there may be more, the header Link names the next page (rel="next").'
const ends = 'What runs ends when the client disconnects.'
const named = 'The name may leave out database and schema where only one pipe is called so.'
const namedTask = named.replace('pipe', 'task')
const loads = `What was committed stays when the client disconnects.`

/** Everything below `/v1`; a test holds it against the routes. */
export const operations: readonly Operation[] = [
  {
    method: 'post',
    path: '/query',
    summary: 'Run one reading statement, or a named query',
    description: `Lines: the columns, then rows in batches, then done, or an error. What fails before the first row is answered with a status. ${ends} With engine athena it runs there, as settings.json names it: the last line says what was scanned and what that costs; estimate answers with one line before anything is run.`,
    body: queryBody,
    lines: z.union([columnsLineShape, queryLineShape, estimateLineShape]),
  },
  {
    method: 'post',
    path: '/records',
    summary: 'The statement that gives the records behind the rows of another',
    body: recordsBody,
    answer: recordsShape,
  },
  {
    method: 'post',
    path: '/run',
    summary: 'Run the statements of a script',
    description: `Lines: what each statement gave, then done, or an error at the first that fails; it names the line of the script. What fails before the first result is answered with a status. ${ends} What ran stays.`,
    body: runBody,
    lines: runLineShape,
  },
  { method: 'get', path: '/queries', summary: 'The named queries', answer: z.array(namedQueryShape) },
  { method: 'get', path: '/views', summary: 'What there is to query, with its columns', answer: z.array(viewShape) },
  { method: 'get', path: '/engines', summary: 'Where queries run besides the lake', answer: enginesShape },
  {
    method: 'get',
    path: '/why',
    summary: 'Why traffic does or does not arrive, with the records that show it',
    description: `Times as named queries take them: 2026-11-20 12:00:00 (UTC), now or -12h. ${ends}`,
    parameters: whyParameters,
    answer: whyShape,
  },
  {
    method: 'post',
    path: '/load',
    summary: 'Load a file or a folder of this machine',
    description: `Lines: progress five times a second at most, then a summary, or an error. ${ends} What was committed stays.`,
    body: loadBody,
    lines: loadLineShape,
  },
  {
    method: 'get',
    path: '/lake',
    summary: 'The directory of the lake',
    answer: lakeShape,
  },
  { method: 'get', path: '/version', summary: 'The name of the state of the data', answer: versionShape },
  { method: 'get', path: '/status', summary: 'Tables, rows, rejects, and what is loading', answer: statusShape },
  {
    method: 'get',
    path: '/history',
    summary: 'Files that loads met, newest first',
    description: paged,
    parameters: historyParameters,
    answer: historyShape,
  },
  {
    method: 'get',
    path: '/rejects',
    summary: 'Lines that could not be read, newest load first',
    description: paged,
    parameters: rejectParameters,
    answer: rejectsShape,
  },
  {
    method: 'post',
    path: '/rejects/replay',
    summary: 'Read rejected lines again',
    body: replayBody,
    answer: replayShape,
  },
  {
    method: 'post',
    path: '/accept-change',
    summary: 'Load the changed version of a held object',
    body: acceptChangeBody,
    answer: loadSummaryShape,
  },
  {
    method: 'post',
    path: '/backup',
    summary: 'Copy the lake to a directory of this machine',
    body: directoryBody,
    answer: backupShape,
  },
  {
    method: 'post',
    path: '/restore',
    summary: 'Put a backup in the place of the data',
    body: directoryBody,
    answer: restoreShape,
  },
  { method: 'get', path: '/doctor', summary: 'What is wrong, and how to mend it', answer: doctorShape },
  { method: 'get', path: '/stages', summary: 'The stages, and which pipes read them', answer: stagesShape },
  { method: 'get', path: '/pipes', summary: 'The pipes, and how each is doing', answer: z.array(pipeShape) },
  { method: 'get', path: '/pipes/{name}', summary: 'A pipe', description: named, answer: pipeShape },
  {
    method: 'get',
    path: '/pipes/{name}/parked',
    summary: 'What a pipe has given up, newest first',
    parameters: parkedParameters,
    answer: parkedShape,
  },
  { method: 'post', path: '/pipes/{name}/pause', summary: 'Pause a pipe', answer: pipeShape },
  { method: 'post', path: '/pipes/{name}/resume', summary: 'Resume a pipe', answer: pipeShape },
  {
    method: 'post',
    path: '/pipes/{name}/access-key',
    summary: 'Make a new key with which Firehose posts to a pipe',
    description: 'The one before ends. The key is in this answer alone.',
    answer: accessKeyShape,
  },
  {
    method: 'post',
    path: '/firehose/{pipe}',
    summary: 'Take what Firehose posts',
    description:
      "As Firehose's specification of HTTP endpoints has it, opened by the pipe's own key in X-Amz-Firehose-Access-Key. Answered with 200 once the records are in the lake; any other answer says why in errorMessage.",
    body: firehoseBody,
    answer: firehoseAnswer,
  },
  {
    method: 'post',
    path: '/pipes/{name}/refresh',
    summary: 'Load what the stage of a pipe holds and the lake does not',
    description: loads,
    body: refreshBody,
    answer: pipeLoadShape,
  },
  {
    method: 'post',
    path: '/pipes/{name}/retry',
    summary: 'Try again what a pipe has given up',
    description: loads,

    answer: pipeLoadShape,
  },
  {
    method: 'get',
    path: '/streams',
    summary: 'The streams, whether each has data, and the tasks that name it',
    answer: z.array(streamShape),
  },
  { method: 'get', path: '/tasks', summary: 'The tasks, and how each is doing', answer: z.array(taskShape) },
  { method: 'get', path: '/tasks/{name}', summary: 'A task', description: namedTask, answer: taskShape },
  {
    method: 'get',
    path: '/tasks/{name}/history',
    summary: 'Runs of a task in the last seven days, newest first',
    description: 'Runs that had nothing to do are one entry for all of them that came one after the other.',
    parameters: taskHistoryParameters,
    answer: taskRunsShape,
  },
  { method: 'post', path: '/tasks/{name}/resume', summary: 'Let a task run by itself', answer: taskShape },
  { method: 'post', path: '/tasks/{name}/suspend', summary: 'Suspend a task', answer: taskShape },
  {
    method: 'post',
    path: '/tasks/{name}/run',
    summary: 'Run a task once, with all that runs after it',
    description: 'Answered at the end of the last run. What runs is cancelled when the client disconnects.',
    answer: taskRunsShape,
  },
  {
    method: 'post',
    path: '/data/pipes/{pipe}/insertFiles',
    summary: 'Ask a pipe to load files, as Snowpipe does',
    description:
      'Paths are relative to what the COPY of the pipe reads from; also as text/plain, one a line. The answer means that the request is kept: files are loaded then, also after a crash.',
    parameters: insertFilesParameters,
    body: insertFilesBody,
    answer: insertAnswerShape,
  },
  {
    method: 'get',
    path: '/data/pipes/{pipe}/insertReport',
    summary: 'What a pipe has loaded in the last ten minutes, or since a mark, as Snowpipe tells it',
    description: 'At most 10,000 files, the earliest first; nextBeginMark is the beginMark of the next report.',
    parameters: insertReportParameters,
    answer: insertReportShape,
  },
  {
    method: 'get',
    path: '/data/pipes/{pipe}/loadHistoryScan',
    summary: 'What a pipe has loaded in a range of time, as Snowpipe tells it',
    description:
      'At most 10,000 files, the earliest first. While completeResult is false there are more from rangeEndTime on; where one load holds more files than that, insertReport tells them all.',
    parameters: historyScanParameters,
    answer: historyScanShape,
  },
  { method: 'get', path: '/dashboards', summary: 'The dashboards', answer: z.array(dashboardEntryShape) },
  { method: 'get', path: '/dashboards/{name}', summary: 'A dashboard', answer: storedDashboardShape },
  {
    method: 'put',
    path: '/dashboards/{name}',
    summary: 'Write a dashboard as a whole',
    body: dashboardShape,
    answer: storedDashboardShape,
  },
  {
    method: 'delete',
    path: '/dashboards/{name}',
    summary: "Delete the lake's file of a dashboard",
    answer: z.object({}),
  },
  { method: 'get', path: '/worksheets', summary: 'The saved worksheets', answer: z.array(worksheetEntryShape) },
  { method: 'get', path: '/worksheets/{name}', summary: 'A worksheet', answer: storedWorksheetShape },
  {
    method: 'put',
    path: '/worksheets/{name}',
    summary: 'Write a worksheet as a whole',
    body: worksheetShape,
    answer: storedWorksheetShape,
  },
  { method: 'delete', path: '/worksheets/{name}', summary: 'Delete a worksheet', answer: z.object({}) },
  { method: 'get', path: '/openapi.json', summary: 'This description', answer: z.looseObject({}) },
]
