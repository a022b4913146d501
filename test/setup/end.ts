import { afterAll, afterEach } from 'vitest'
import { endings } from './endings.ts'

afterEach(async () => {
  for (const end of endings.ofTest) await end()
})
afterAll(async () => {
  for (const end of endings.ofFile) await end()
})
