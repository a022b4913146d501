import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MillraceError } from '../../src/errors.ts'
import { resetting, silent } from './answers.ts'
import { keys } from './clients.ts'
import { type MetAction, queueArn, queueUrl, refusing, serveSqs, telling } from './queue-server.ts'
import { caseCount, cases, limitMs } from './scale.ts'

const ask = { queueUrl, max: 10, waitSeconds: 0 }

describe('messages', () => {
  test('are received with how often and since when', async () => {
    const given = {
      MessageId: 'm1',
      ReceiptHandle: 'r1',
      MD5OfBody: '0',
      Body: '{"a":"ä"}',
      Attributes: { ApproximateReceiveCount: '3', SentTimestamp: '1795276800123' },
    }
    const { client, met } = await serveSqs([telling({ Messages: [given] }), telling({}), telling({ Messages: null })])
    expect(await client.receive({ ...ask, waitSeconds: 20, visibilitySeconds: 60 })).toEqual([
      { id: 'm1', receiptHandle: 'r1', body: '{"a":"ä"}', receiveCount: 3, sentAtMs: 1795276800123 },
    ])
    expect(await client.receive(ask)).toEqual([])
    expect(await client.receive(ask)).toEqual([])
    expect(met.slice(0, 2)).toEqual([
      {
        target: 'AmazonSQS.ReceiveMessage',
        contentType: 'application/x-amz-json-1.0',
        region: 'eu-west-1',
        body: {
          QueueUrl: queueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 20,
          VisibilityTimeout: 60,
          MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
        },
      },
      expect.objectContaining({ body: expect.not.objectContaining({ VisibilityTimeout: expect.anything() }) }),
    ])
  })

  test('are no longer waited for once the signal is aborted, with its reason', async () => {
    const { client, met } = await serveSqs([() => silent])
    const stop = new AbortController()
    const received = client.receive({ ...ask, waitSeconds: 20, signal: stop.signal })
    await expect.poll(() => met.length).toBe(1)
    const reason = new Error('The pipe is paused.')
    stop.abort(reason)
    await expect(received).rejects.toBe(reason)
    await expect(client.receive({ ...ask, signal: stop.signal })).rejects.toBe(reason)
    expect(met).toHaveLength(1)
  })

  test.each([
    ['is a page of a proxy', '<html>sign in</html>'],
    ['is of another form', '{"Messages":[{"Body":1}]}'],
    ['is empty', ''],
    ['is too large', `{"Messages":[],"x":"${' '.repeat(32 * 2 ** 20)}"}`],
  ])('are not taken from an answer that %s', async (_name, text) => {
    const { client } = await serveSqs([() => (response) => response.end(text)])
    await expect(client.receive(ask)).rejects.toMatchObject({
      code: 'SOURCE_REFUSED',
      message: `The queue ${queueArn} could not be asked: the answer to sqs:ReceiveMessage is not in its form. If AWS_ENDPOINT_URL is set, see whether SQS is spoken there.`,
    })
  })
})

describe('batches', () => {
  interface Entry {
    readonly Id: string
    readonly ReceiptHandle: string
  }

  function isBatch(body: unknown): body is { QueueUrl: string; Entries: Entry[] } {
    return typeof body === 'object' && body !== null && 'Entries' in body && Array.isArray(body.Entries)
  }

  function entriesOf({ body }: MetAction): Entry[] {
    if (!isBatch(body)) throw new Error('It is no batch.')
    return body.Entries
  }

  test('have ten entries at most, and tell what failed', limitMs, async () => {
    const outcome = fc.constantFrom('done', 'ReceiptHandleIsInvalid', 'InternalError', 'unnamed')
    const outcomes = new Map<string, string>()
    const answer = (met: MetAction): ReturnType<typeof refusing> => {
      const entries = entriesOf(met)
      const ids = entries.map(({ Id }) => Id)
      if (entries.length > 10 || new Set(ids).size < ids.length) return refusing(400, 'com.amazonaws.sqs#WrongBatch')
      const named = entries.map(({ Id, ReceiptHandle }) => ({ Id, code: outcomes.get(ReceiptHandle) }))
      return telling({
        Successful: named.filter(({ code }) => code === 'done').map(({ Id }) => ({ Id })),
        Failed: named
          .filter(({ code }) => code !== 'done' && code !== 'unnamed')
          .toReversed()
          .map(({ Id, code }) => ({ Id, Code: code, Message: `It is ${code}.`, SenderFault: true })),
      })(met)
    }
    const { client, met } = await serveSqs([answer])
    const check = async (given: readonly string[]): Promise<void> => {
      met.length = 0
      outcomes.clear()
      for (const [place, code] of given.entries()) outcomes.set(`r${place}`, code)
      const receiptHandles = [...outcomes.keys()]
      const expected = [...outcomes].filter(([, code]) => code !== 'done')
      const removed = await client.remove(queueUrl, receiptHandles)
      const removals = met.flatMap(entriesOf)
      const extended = await client.extend(
        queueUrl,
        receiptHandles.map((receiptHandle) => ({ receiptHandle, seconds: 30 })),
      )
      for (const failed of [removed, extended])
        expect(
          failed.map(({ receiptHandle, code, isReceiptInvalid }) => [receiptHandle, code, isReceiptInvalid]),
        ).toEqual(
          expected.map(([receiptHandle, code]) => [
            receiptHandle,
            code === 'unnamed' ? 'NoAnswer' : code,
            code === 'ReceiptHandleIsInvalid',
          ]),
        )
      expect(removals.map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(receiptHandles)
      expect(met).toHaveLength(2 * Math.ceil(given.length / 10))
    }
    const runs = { ...cases, numRuns: Math.ceil(caseCount / 3) }
    await fc.assert(fc.asyncProperty(fc.array(outcome, { maxLength: 25 }), check), runs)
  })

  test('say for how long each message is hidden', async () => {
    const { client, met } = await serveSqs([telling({ Successful: [{ Id: '0' }, { Id: '1' }] })])
    const extensions = [
      { receiptHandle: 'a', seconds: 0 },
      { receiptHandle: 'b', seconds: 43_200 },
    ]
    expect(await client.extend(queueUrl, extensions)).toEqual([])
    expect(met[0]).toMatchObject({
      target: 'AmazonSQS.ChangeMessageVisibilityBatch',
      body: {
        QueueUrl: queueUrl,
        Entries: [
          { Id: '0', ReceiptHandle: 'a', VisibilityTimeout: 0 },
          { Id: '1', ReceiptHandle: 'b', VisibilityTimeout: 43_200 },
        ],
      },
    })
  })

  test.each([
    ['ReceiptHandleIsInvalid', 'The input receipt handle is invalid.', true],
    ['AWS.SimpleQueueService.MessageNotInflight', 'The message is not in flight.', true],
    [
      'InvalidParameterValue',
      'Value x for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.',
      true,
    ],
    ['InvalidParameterValue', 'Value 43201 for parameter VisibilityTimeout is invalid.', false],
    ['InternalError', 'Try again.', false],
  ])('tell a receipt that is no longer valid: %s %s', async (code, message, isReceiptInvalid) => {
    const { client } = await serveSqs([telling({ Failed: [{ Id: '0', Code: code, Message: message }] })])
    expect(await client.remove(queueUrl, ['a'])).toEqual([{ receiptHandle: 'a', code, message, isReceiptInvalid }])
  })
})

describe('a queue', () => {
  test('is asked for its attributes', async () => {
    const attributes = {
      QueueArn: queueArn,
      ApproximateNumberOfMessages: '7',
      ApproximateNumberOfMessagesNotVisible: '2',
      ApproximateNumberOfMessagesDelayed: '1',
      VisibilityTimeout: '30',
      MessageRetentionPeriod: '345600',
    }
    const others = {
      Policy: '{"Statement":[]}',
      RedrivePolicy: `{"deadLetterTargetArn":"${queueArn}-dead","maxReceiveCount":"5"}`,
    }
    const { client, met } = await serveSqs([
      telling({ Attributes: { ...attributes, ...others } }),
      telling({ Attributes: { ...attributes, Policy: '' } }),
    ])
    const facts = {
      arn: queueArn,
      visible: 7,
      notVisible: 2,
      delayed: 1,
      visibilitySeconds: 30,
      retentionSeconds: 345600,
    }
    expect(await client.attributes(queueUrl)).toEqual({
      ...facts,
      policy: others.Policy,
      redrivePolicy: { deadLetterTargetArn: `${queueArn}-dead`, maxReceiveCount: 5 },
    })
    expect(await client.attributes(queueUrl)).toEqual({ ...facts, policy: undefined, redrivePolicy: undefined })
    expect(met[0]?.target).toBe('AmazonSQS.GetQueueAttributes')
  })

  test('is found by its name or ARN, in the region and account of the ARN', async () => {
    const { client, met } = await serveSqs([telling({ QueueUrl: queueUrl })])
    expect(await client.queueUrl(queueArn)).toBe(queueUrl)
    expect(await client.queueUrl('logs')).toBe(queueUrl)
    expect(await client.queueUrl(queueUrl)).toBe(queueUrl)
    expect(met).toEqual([
      expect.objectContaining({
        target: 'AmazonSQS.GetQueueUrl',
        region: 'eu-west-1',
        body: { QueueName: 'logs', QueueOwnerAWSAccountId: '123456789012' },
      }),
      expect.objectContaining({ region: 'us-east-1', body: { QueueName: 'logs' } }),
    ])
  })

  test('is created, and changed', async () => {
    const { client, met } = await serveSqs([
      telling({ QueueUrl: queueUrl }),
      () => (response) => response.writeHead(200).end(),
    ])
    expect(await client.create('logs', { VisibilityTimeout: '300' })).toBe(queueUrl)
    await client.setAttributes(queueUrl, { Policy: '{}' })
    expect(met.map(({ target, body }) => [target, body])).toEqual([
      ['AmazonSQS.CreateQueue', { QueueName: 'logs', Attributes: { VisibilityTimeout: '300' } }],
      ['AmazonSQS.SetQueueAttributes', { QueueUrl: queueUrl, Attributes: { Policy: '{}' } }],
    ])
  })

  test.each(['arn:aws:s3:::logs', 'arn:aws:sqs:eu-west-1:1:logs', 'a b', '', 'a'.repeat(81), 'a.txt'])(
    'is not %j',
    async (name) => {
      const { client } = await serveSqs([telling({})])
      await expect(client.queueUrl(name)).rejects.toMatchObject({ code: 'USAGE' })
      await expect(client.attributes(name)).rejects.toMatchObject({ code: 'USAGE' })
    },
  )
})

describe('a refusal', () => {
  const who = 'arn:aws:sts::123456789012:assumed-role/collector/millrace'

  async function refusedWith(answer: ReturnType<typeof refusing>): Promise<MillraceError> {
    const { client } = await serveSqs([() => answer])
    const error: unknown = await client.remove(queueUrl, ['a']).catch((thrown: unknown) => thrown)
    if (error instanceof MillraceError) return error
    throw new Error('It was not refused as it should.', { cause: error })
  }

  test('names the action and the queue', async () => {
    const said = `User: ${who} is not authorized to perform: sqs:deletemessage on resource: ${queueArn} because no identity-based policy allows the sqs:deletemessage action`
    for (const [status, type] of [
      [403, 'com.amazon.coral.service#AccessDeniedException'],
      [400, 'com.amazonaws.sqs#AccessDenied'],
    ] as const)
      expect(await refusedWith(refusing(status, type, said))).toMatchObject({
        code: 'ACCESS_DENIED',
        message: `The queue ${queueArn} was refused: ${who} lacks sqs:DeleteMessage on ${queueArn}. Allow it in a policy of that identity, or of the queue. AWS's reason: no identity-based policy allows the sqs:deletemessage action.`,
      })
  })

  test.each([
    [400, 'com.amazonaws.sqs#QueueDoesNotExist', 'SOURCE_MISSING', 'does not exist, or these credentials may not'],
    [400, 'AWS.SimpleQueueService.NonExistentQueue', 'SOURCE_MISSING', 'does not exist'],
    [404, 'com.amazonaws.sqs#InvalidAddress', 'SOURCE_MISSING', 'Check its name, account and region'],
    [400, 'com.amazonaws.sqs#QueueDeletedRecently', 'SOURCE_UNAVAILABLE', 'Try again in a minute.'],
    [400, 'com.amazonaws.sqs#QueueNameExists', 'SOURCE_REFUSED', 'exists already, with other attributes (Because.)'],
    [
      400,
      'com.amazonaws.sqs#KmsAccessDenied',
      'ACCESS_DENIED',
      'lacks kms:Decrypt on the key that encrypts its messages',
    ],
    [400, 'com.amazonaws.sqs#KmsDisabled', 'SOURCE_REFUSED', 'was refused (KmsDisabled: Because., request REQUEST1)'],
    [403, 'com.amazonaws.sqs#RequestThrottled', 'SOURCE_UNAVAILABLE', 'because of too many requests'],
    [400, 'com.amazonaws.sqs#OverLimit', 'SOURCE_UNAVAILABLE', 'too many requests (OverLimit: Because.'],
    [403, 'com.amazon.coral.service#UnrecognizedClientException', 'CREDENTIALS_INVALID', 'are not valid'],
    [403, 'com.amazon.coral.service#InvalidSignatureException', 'CREDENTIALS_INVALID', 'are not valid'],
  ])('of %i %s is told as %s', async (status, type, code, words) => {
    const error = await refusedWith(refusing(status, type, 'Because.'))
    expect(error).toMatchObject({ code, message: expect.stringContaining(words) })
    expect(error.message).toMatch(`The queue ${queueArn} `)
  })

  test('of a clock that is wrong is told', async () => {
    const message = 'Signature expired: 20261121T160000Z is now earlier than 20261121T162500Z'
    const date = 'Sat, 21 Nov 2026 16:40:00 GMT'
    const answer = refusing(403, 'com.amazon.coral.service#InvalidSignatureException', message, { date })
    expect(await refusedWith(answer)).toMatchObject({
      code: 'CLOCK_SKEWED',
      message: expect.stringContaining("this machine's clock is 40 minutes behind AWS's."),
    })
  })

  test('keeps nothing of what was signed', async () => {
    const message =
      "The signature does not match.\n\nThe Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:hunter2"
    const error = await refusedWith(refusing(403, 'com.amazon.coral.service#InvalidSignatureException', message))
    expect(error.cause).toMatchObject({ message: 'The signature does not match.' })
    expect(error.message).not.toContain('hunter2')
  })

  test('that passes is not the last word', async () => {
    const { client, met, clock } = await serveSqs([
      () => refusing(403, 'com.amazonaws.sqs#RequestThrottled'),
      () => refusing(500, 'com.amazonaws.sqs#InternalFailure'),
      () => resetting,
      telling({}),
    ])
    expect(await client.receive(ask)).toEqual([])
    expect(met).toHaveLength(4)
    expect(clock.waits).toHaveLength(3)
  })

  test('of expired keys is answered with new ones', async () => {
    const fresh = { ...keys, accessKeyId: 'AKIDFRESH' }
    const credentials = { get: async () => keys, replace: async () => fresh }
    const { client, met } = await serveSqs([telling({})], { accepted: fresh, credentials })
    expect(await client.receive(ask)).toEqual([])
    expect(met).toHaveLength(1)
    const never = await serveSqs([telling({})], { accepted: fresh })
    await expect(never.client.receive(ask)).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' })
  })
})

test('a queue that cannot be reached, or breaks off, is told as such', async () => {
  const { client } = await serveSqs([
    () => (response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('{', () => response.socket?.destroy())
    },
  ])
  await expect(client.receive(ask)).rejects.toMatchObject({
    code: 'SOURCE_UNAVAILABLE',
    message: expect.stringContaining(`The queue ${queueArn} cannot be reached (`),
  })
})
