import type { ReactNode } from 'react'
import { CopyText } from '../pipes/copy-text.tsx'
import { Station } from './station.tsx'
import { useTaskText } from './use-task-text.ts'

const places = [
  ['stream', 'emptyStream'],
  ['task', 'emptyTask'],
  ['run', 'emptyRun'],
] as const

const example = `CREATE TABLE errors (at TIMESTAMP, bucket TEXT, status INTEGER);
CREATE STREAM new_requests ON TABLE logs.s3_access_logs APPEND_ONLY = TRUE;
CREATE TASK keep_errors
  SCHEDULE = '1 MINUTE'
  WHEN SYSTEM$STREAM_HAS_DATA('new_requests')
AS
  INSERT INTO errors
  SELECT request_time, bucket, http_status FROM new_requests WHERE http_status >= 500;
ALTER TASK keep_errors RESUME;`

/** What a task is, and how one is made. */
export function NoTasks(): ReactNode {
  const text = useTaskText()
  return (
    <section className="no-pipes">
      <ol className="lane-way">
        {places.map(([place, hint]) => (
          <Station key={place} place={place} passage={place === 'stream' ? undefined : 'held'} isAbsent>
            <p className="lane-soft">{text(hint)}</p>
          </Station>
        ))}
      </ol>
      <h2>{text('emptyTitle')}</h2>
      <p>{text('emptyHint')}</p>
      <CopyText what={text('copyExample')}>{example}</CopyText>
      <p className="soft">{text('emptyServer')}</p>
    </section>
  )
}
