import { type Translate, useTextOf } from '../app/choices.tsx'
import { tasksEn, type TaskTextKey } from '../text/tasks-en.ts'
import { tasksJa } from '../text/tasks-ja.ts'

const texts = { en: tasksEn, ja: tasksJa }

export type TaskTranslate = Translate<TaskTextKey>

/** The texts of this page: they come with it, not with the first script. */
export function useTaskText(): TaskTranslate {
  return useTextOf<TaskTextKey>(texts)
}
