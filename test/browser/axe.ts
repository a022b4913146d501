import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { z } from 'zod'

const axeAnswer = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullable(),
      nodes: z.array(z.object({ target: z.array(z.unknown()) })),
    }),
  ),
})

/** Serious faults that axe-core finds, with the places. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = axeAnswer.parse(await page.evaluate("axe.run(document, { resultTypes: ['violations'] })"))
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${JSON.stringify(node.target)}`))
}
